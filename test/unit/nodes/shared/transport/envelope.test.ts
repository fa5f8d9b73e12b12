import type { Fault } from '../../../../kling';
import { useStage } from '../../../../support/stage';
import { readThrough, READINGS, type ReadOutcome, type Reading } from './reads';
import { told } from './told';

const stage = useStage({ mode: 'manual' });

interface Case {
	name: string;
	fault: Omit<Fault, 'on'>;
	says: RegExp;
	/** Get and List try again, 5 times in all. Wait for Task checks again in any case. */
	passing?: boolean;
	/** The others understand it. */
	only?: Reading[];
}

const TASK = { task_id: '867283741759111202', task_status: 'succeed' };
const withData = (data: unknown): Omit<Fault, 'on'> => ({
	kind: 'body',
	body: { code: 0, message: 'SUCCEED', request_id: 'r-1', data },
});
const SINGLE: Reading[] = ['get', 'wait'];

const cases: Case[] = [
	{
		name: 'an HTML page with HTTP 200',
		fault: { kind: 'html', status: 200 },
		says: /the answer is a web page, not Kling's JSON\n[^]*HTTP status: 200/,
	},
	{
		name: 'an HTML page with HTTP 404',
		fault: { kind: 'html', status: 404 },
		says: /the answer is a web page, not Kling's JSON\n[^]*HTTP status: 404/,
	},
	...[429, 500, 502, 503, 504].map((status) => ({
		name: `an HTML page with HTTP ${status}`,
		fault: { kind: 'html', status } as const,
		says: new RegExp(`the answer is a web page, not Kling's JSON\\n[^]*HTTP status: ${status}`),
		passing: true,
	})),
	{
		name: 'a proxy that wants a password',
		fault: { kind: 'html', status: 407 },
		says: /the request was not sent, because the proxy asks for a user name and password \(HTTP 407\)/,
		passing: true,
	},
	{
		name: '{}',
		fault: { kind: 'empty' },
		says: /the answer is JSON without Kling's code\n[^]*HTTP status: 200/,
	},
	{
		name: 'a code that is text',
		fault: { kind: 'body', body: { code: '0', data: TASK } },
		says: /JSON without Kling's code/,
	},
	{
		name: 'nothing',
		fault: { kind: 'body', body: '' },
		says: /the answer is empty\n[^]*HTTP status: 200/,
	},
	{ name: 'null', fault: { kind: 'body', body: 'null' }, says: /a list or a single value/ },
	{
		name: 'a JSON array',
		fault: { kind: 'body', body: [TASK] },
		says: /the answer is a list or a single value, not Kling's JSON\n[^]*HTTP status: 200/,
	},
	{ name: 'a JSON number', fault: { kind: 'body', body: '42' }, says: /a single value/ },
	{
		name: 'text',
		fault: { kind: 'body', body: 'Hello' },
		says: /the answer is text or broken JSON\n[^]*HTTP status: 200/,
	},
	{ name: 'half of the JSON', fault: { kind: 'truncated' }, says: /text or broken JSON/ },
	{
		name: 'half of the connection',
		fault: { kind: 'cut' },
		says: /the connection (was dropped before the answer|failed)/,
		passing: true,
	},
	{
		name: 'no answer at all',
		fault: { kind: 'drop' },
		says: /the connection was dropped before the answer/,
		passing: true,
	},
	{ name: 'no data', fault: { kind: 'noData' }, says: /the answer has no data/ },
	{ name: 'data that is null', fault: withData(null), says: /the answer has no data/ },
	{
		name: 'a redirect',
		fault: { kind: 'redirect' },
		says: /the answer is a redirect, which is not followed\n[^]*HTTP status: 302/,
	},
	{
		name: 'a success code with HTTP 500',
		fault: { kind: 'body', body: { code: 0, data: TASK }, status: 500 },
		says: /a success code but an error status\n[^]*HTTP status: 500/,
		passing: true,
	},
	{
		name: 'data of another kind',
		fault: { kind: 'wrongTypes' },
		says: /the answer holds something other than a task/,
		only: SINGLE,
	},
	{
		name: 'a list where a task is expected',
		fault: withData([TASK]),
		says: /the answer holds something other than a task/,
		only: SINGLE,
	},
	{
		name: 'a task id that is neither text nor a whole number',
		fault: withData({ ...TASK, task_id: 1.5 }),
		says: /the answer holds something other than a task/,
		only: SINGLE,
	},
	{
		name: 'a task without a status',
		fault: withData({ task_id: TASK.task_id }),
		says: /the answer holds something other than a task/,
		only: SINGLE,
	},
	{
		name: 'a task where a list is expected',
		fault: withData(TASK),
		says: /the answer is not a list of tasks/,
		only: ['list'],
	},
	{
		name: 'a list of something else',
		fault: withData([TASK, null]),
		says: /the answer holds something other than a task/,
		only: ['list'],
	},
];

describe.each(READINGS)('an answer that is not understood, through %s', (reading) => {
	const ours = cases.filter(({ only = READINGS }) => only.includes(reading));
	const outcomes = new Map<string, ReadOutcome>();

	beforeAll(async () => {
		stage.kling.reset();
		// Hardly a pause between the tries.
		const random = jest.spyOn(Math, 'random').mockReturnValue(0.01);
		await Promise.all(
			ours.map(async ({ name, fault }) => {
				const location = `${stage.kling.baseUrl}/elsewhere`;
				outcomes.set(name, await readThrough(stage, reading, { location, ...fault }));
			}),
		);
		random.mockRestore();
	});

	it.each(ours)('$name', ({ name, says, passing }) => {
		const { run, requests, task_id } = outcomes.get(name) ?? {};
		expect(told(run ?? { error: undefined })).toMatch(says);
		expect(run?.error?.message).toContain(task_id);
		expect(run?.error?.name).toBe('NodeApiError');
		expect(run?.error?.description).toMatch(/try again later/i);
		expect(run?.items).toEqual([]);
		expect(requests).toHaveLength(reading === 'wait' ? 2 : passing ? 5 : 1);
	});

	it('no redirect was followed', () => {
		expect(stage.kling.count('unknown')).toBe(0);
	});
});
