import { ERROR_CODES } from '../../../../kling';
import { useFastTime } from '../../../../support/fastTime';
import { useStage } from '../../../../support/stage';
import { ADVICE } from './advice';
import { readThrough, READINGS, type ReadOutcome, type Reading } from './reads';
import { everythingOf, told } from './told';

useFastTime();
const stage = useStage({ mode: 'manual' });

const codes = Object.keys(ERROR_CODES).map(Number);
/** What may pass by itself: tried again, 5 times in all. */
const PASSING = [1302, 1303, 5000, 5001, 5002];
/** A new token may be accepted. */
const RESIGNED = [1003, 1004];
/** A task that is not known yet may be known in a moment. */
const UNKNOWN = [1201, 1203];

describe.each(READINGS)('every documented error code, through %s', (reading: Reading) => {
	const outcomes = new Map<number, ReadOutcome>();

	beforeAll(async () => {
		stage.kling.reset();
		await Promise.all(
			codes.map(async (code) => {
				// No pause between the tries.
				const fault = { kind: 'error', code, retryAfter: 0 } as const;
				outcomes.set(code, await readThrough(stage, reading, fault));
			}),
		);
	});

	const outcomeOf = (code: number) => {
		const outcome = outcomes.get(code);
		if (!outcome) throw new Error(`No outcome for ${code}`);
		return outcome;
	};

	it.each(codes)('%i: how many requests left', (code) => {
		const { requests } = outcomeOf(code);
		if (reading === 'wait') {
			const goesOn = [...PASSING, ...RESIGNED, ...UNKNOWN].includes(code);
			expect(requests).toHaveLength(goesOn ? 2 : 1);
		} else {
			const tries = PASSING.includes(code) ? 5 : RESIGNED.includes(code) ? 2 : 1;
			expect(requests).toHaveLength(tries);
		}
	});

	it.each(codes)('%i: what the user reads', (code) => {
		const { run, task_id } = outcomeOf(code);
		const { status = 0, message = '' } = ERROR_CODES[code] ?? {};
		expect(run.items).toEqual([]);
		expect(told(run)).toContain(message);
		if (task_id) expect(run.error?.message).toContain(task_id);
		expect(run.error?.name).toBe('NodeApiError');
		expect(run.error?.message).toBe(
			`Kling could not ${task_id ? `get task ${task_id}` : 'list the tasks'}: ${message}`,
		);
		expect(run.error?.description).toMatch(ADVICE[code] ?? /never/);
		expect(run.error?.description).toContain(`Kling code: ${code} (`);
		expect(run.error?.description).toContain(`HTTP status: ${status}`);
		expect(run.error?.description).toMatch(/Request ID: [0-9a-f-]{36}/);
		expect(run.error?.httpCode).toBe(String(status));
	});

	it('no secret shows', () => {
		const { accessKey, secretKey } = stage.kling;
		const all = codes.map((code) => everythingOf(outcomeOf(code).run)).join('\n');
		for (const secret of [accessKey, secretKey, 'Bearer', 'eyJ']) {
			expect(all).not.toContain(secret);
			expect(stage.engine.logs.text()).not.toContain(secret);
		}
	});
});

it.each(READINGS)('a code of Kling under HTTP 200 is an error, too (%s)', async (reading) => {
	const { run, requests } = await readThrough(stage, reading, {
		kind: 'error',
		code: 1103,
		status: 200,
	});
	expect(told(run)).toContain('Kling code: 1103 (no permission for this API)');
	expect(told(run)).toContain('HTTP status: 200');
	expect(requests).toHaveLength(1);
});

it.each(READINGS)(
	'a code that nobody knows is an error with all its facts (%s)',
	async (reading) => {
		const body = { code: 7777, message: 'Something new', request_id: 'r-1' };
		const { run, requests } = await readThrough(stage, reading, {
			kind: 'body',
			body,
			status: 418,
		});
		expect(run.error?.message).toMatch(/: Something new$/);
		expect(run.error?.description).toContain('See the error codes in the Kling documentation.');
		expect(run.error?.description).toContain(
			'Kling code: 7777 · HTTP status: 418 · Request ID: r-1',
		);
		// It may pass, so that a wait goes on to its end.
		expect(requests).toHaveLength(reading === 'wait' ? 2 : 1);
	},
);

it('an error without words says what the code means', async () => {
	const body = { code: 1102 };
	const { run } = await readThrough(stage, 'get', { kind: 'body', body, status: 429 });
	expect(run.error?.message).toMatch(/: the resource pack is used up or has expired$/);
});

it('very long words of Kling are cut', async () => {
	const body = { code: 1102, message: 'x'.repeat(100_000) };
	const { run } = await readThrough(stage, 'get', { kind: 'body', body });
	expect(run.error?.message.length).toBeLessThan(600);
});
