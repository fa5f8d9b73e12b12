import { ERROR_CODES, makeImage, startKling } from '../../../../kling';
import { useFastTime } from '../../../../support/fastTime';
import { startEngine, type Engine } from '../../../../support/engine';
import { credentialFor } from '../../../../support/stage';
import { ADVICE } from '../transport/advice';
import { WHOLE_TASK } from '../../../../support/parameters';

useFastTime(20);

/** Every error code of Kling's documentation as the answer to a create that made no task: what is sent, and what the user reads. */

let engine: Engine;
let imageBase64: string;

beforeAll(async () => {
	engine = await startEngine({ nodeTypes: 'source' });
	imageBase64 = (await makeImage({ width: 300, height: 300, type: 'png' })).toString('base64');
});
afterAll(() => engine.stop());

/** Creates sent when the code stays; one for all others. */
const CREATES: Readonly<Record<number, number>> = { 1003: 2, 1004: 2, 5000: 5, 5001: 5, 5002: 5 };

it.concurrent.each(Object.keys(ERROR_CODES).map(Number))(
	'%i',
	async (code) => {
		const kling = await startKling({ mode: 'manual' });
		try {
			kling.fault({ on: 'create', kind: 'error', code, message: `says ${code}`, times: Infinity });
			const run = await engine.runNode({
				executionId: `code-${code}`,
				credentials: { klingApi: credentialFor(kling) },
				parameters: {
					...WHOLE_TASK,
					operation: 'create',
					imageSource: 'base64',
					imageBase64,
					waitForCompletion: false,
					options: { capacityTimeout: 0 },
				},
			});
			expect(kling.count('create')).toBe(CREATES[code] ?? 1);
			expect(run.error?.message).toBe(`Kling could not create the task: says ${code}`);
			expect(run.error?.description).toMatch(ADVICE[code] ?? /^$/);
			expect(run.error?.description).toContain(`Kling code: ${code}`);
			expect(run.error?.description).toMatch(/Request ID: \S+/);
			expect(run.error?.description).toContain('Nothing was created or charged for this item.');
			expect(kling.counters.tasksCharged).toBe(0);
			expect(JSON.stringify(run.raw)).not.toContain(kling.secretKey);
		} finally {
			await kling.close();
		}
	},
	60_000,
);

it('no secret is logged', () => {
	expect(engine.logs.text()).not.toMatch(/Bearer ey/);
});
