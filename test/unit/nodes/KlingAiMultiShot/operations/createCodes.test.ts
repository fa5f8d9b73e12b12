import { ERROR_CODES, picture, startKling } from '../../../../kling';
import { startEngine, type Engine } from '../../../../support/engine';
import { credentialFor } from '../../../../support/stage';

/** Every error code of Kling's documentation as the answer to a create that made no task: what is sent, and what the user reads. */

let engine: Engine;
let imageBase64: string;

beforeAll(async () => {
	engine = await startEngine({ nodeTypes: 'source' });
	imageBase64 = (await picture({ width: 300, height: 300, type: 'png' })).toString('base64');
});
afterAll(() => engine.stop());

const KEYS = 'Check the keys in the Kling API credential and its Region';

/** Code, creates sent when it stays, and the advice. */
const table: Array<[code: number, creates: number, advice: string]> = [
	[1000, 1, KEYS],
	[1001, 1, KEYS],
	[1002, 1, KEYS],
	[1003, 2, "it is ahead of Kling's"],
	[1004, 2, "it is behind Kling's"],
	[1100, 1, 'Check the account'],
	[1101, 1, 'Recharge'],
	[1102, 1, 'Buy a resource pack'],
	[1103, 1, 'whether the account may use AI Multi-Shot'],
	[1200, 1, 'Check the parameters'],
	[1201, 1, 'Check the parameters'],
	[1202, 1, 'Check the Base URL'],
	[1203, 1, 'Check the task id'],
	[1300, 1, 'Use another picture'],
	[1301, 1, 'Use another picture'],
	[1302, 1, 'Send fewer requests'],
	[1303, 1, 'Wait for running tasks to end'],
	[1304, 1, 'allow-list'],
	[5000, 5, 'Try again later'],
	[5001, 5, 'Try again later'],
	[5002, 5, 'Try again later'],
];

test('the table is whole', () => {
	const documented = Object.keys(ERROR_CODES).map(Number);
	expect(documented.filter((code) => code !== 0).sort()).toEqual(
		table.map(([code]) => code).sort(),
	);
});

test.concurrent.each(table)(
	'%i: %i creates, and "%s"',
	async (code, creates, advice) => {
		const kling = await startKling({ mode: 'manual' });
		try {
			kling.fault({ on: 'create', kind: 'error', code, message: `says ${code}`, times: Infinity });
			const run = await engine.runNode({
				executionId: `code-${code}`,
				credentials: { klingApi: credentialFor(kling) },
				parameters: {
					operation: 'create',
					imageSource: 'base64',
					imageBase64,
					waitForCompletion: false,
					options: { capacityTimeout: 0 },
				},
			});
			expect(kling.count('create')).toBe(creates);
			expect(run.error?.message).toBe(`Kling could not create the task: says ${code}`);
			expect(run.error?.description).toContain(advice);
			expect(run.error?.description).toContain(`Kling code: ${code}`);
			expect(run.error?.description).toMatch(/Request ID: \S+/);
			expect(run.error?.description).toContain('nothing was charged');
			expect(kling.counters.tasksCharged).toBe(0);
			expect(JSON.stringify(run.raw)).not.toContain(kling.secretKey);
		} finally {
			await kling.close();
		}
	},
	60_000,
);

test('no secret is logged', () => {
	expect(engine.logs.text()).not.toMatch(/Bearer ey/);
});
