import {
	decide,
	VISIBLE_AFTER_MS,
	type Evidence,
} from '../../../../../nodes/shared/client/findTask';
import type { KlingTask } from '../../../../../nodes/shared/client/task';
import type { KlingFailure } from '../../../../../nodes/shared/transport/failure';

type State = Parameters<typeof decide>[0];
type Listed = NonNullable<Evidence['listed']>;

const TASK: KlingTask = { task_id: '867283741759111202', task_status: 'submitted' };
const LOST_AT = 5_000;
const LOST = { is: 'lost', lostAt: LOST_AT } as const;
const failure: KlingFailure = { kind: 'code', code: 1103, message: 'No right' };

const miss = { is: 'miss' } as const;
const hidden = { is: 'hidden' } as const;
const failed = { is: 'failed', failure } as const;
const clear: Listed = { is: 'clear' };
const running: Listed = { is: 'unclear', running: true };
const ended: Listed = { is: 'unclear', running: false };

function decided(
	evidence: Evidence,
	{
		reason = LOST,
		facts = {},
		waitedMs = 0,
		sinceLostMs = VISIBLE_AFTER_MS,
	}: Partial<State> & { sinceLostMs?: number } = {},
) {
	return decide({ evidence, reason, facts, waitedMs, now: LOST_AT + sinceLostMs });
}

it.each<State['reason']>([{ is: 'before' }, LOST, { is: 'refused' }])(
	'a task that is seen is found, by the lookup or by List: %j',
	(reason) => {
		const found = { is: 'found', task: TASK };
		expect(decided({ lookup: { is: 'hit', task: TASK } }, { reason })).toEqual(found);
		for (const lookup of [miss, failed])
			expect(decided({ lookup, listed: { is: 'hit', task: TASK } }, { reason })).toEqual(found);
	},
);

describe('after a lost answer', () => {
	it.each<[string, Evidence]>([
		['the lookup knows no such task', { lookup: miss }],
		['the lookup fails', { lookup: failed }],
		['List shows none', { lookup: miss, listed: clear }],
	])('nothing is concluded within 20 s: %s', (_name, evidence) => {
		const facts = { lookupWorks: true };
		expect(decided(evidence, { sinceLostMs: 0, facts })).toEqual({ is: 'wait', ms: 20_000 });
		expect(decided(evidence, { sinceLostMs: 19_999, facts })).toEqual({ is: 'wait', ms: 1 });
	});

	it('absent at once where Kling was seen to refuse duplicates: a second create is harmless', () => {
		const facts = { duplicatesRefused: true } as const;
		expect(decided({ lookup: miss }, { sinceLostMs: 0, facts })).toEqual({ is: 'absent' });
		expect(decided({ lookup: failed }, { sinceLostMs: 0, facts })).toMatchObject({ is: 'wait' });
	});

	it('the lookup alone proves nothing: List has to be read, too', () => {
		const facts = { lookupWorks: true };
		expect(decided({ lookup: miss }, { facts })).toMatchObject({ is: 'wait' });
		for (const listed of [clear, running, ended])
			expect(decided({ lookup: miss, listed }, { facts })).toEqual({ is: 'absent' });
	});

	it('a lookup that shows the task whose task_id it is proves nothing', () => {
		const facts = { lookupWorks: true };
		expect(decided({ lookup: hidden, listed: ended }, { facts })).toEqual({ is: 'unknown' });
		expect(decided({ lookup: hidden, listed: clear }, { facts })).toEqual({ is: 'absent' });
	});

	it('without a lookup that works, List has to be clear', () => {
		for (const facts of [{}, { lookupWorks: false }]) {
			expect(decided({ lookup: miss, listed: clear }, { facts })).toEqual({ is: 'absent' });
			expect(decided({ lookup: miss, listed: ended }, { facts })).toEqual({ is: 'unknown' });
		}
	});

	it('a running task that hides its id is waited for, 150 s at the most', () => {
		const evidence = { lookup: miss, listed: running };
		expect(decided(evidence, { waitedMs: 149_999 })).toMatchObject({ is: 'wait' });
		expect(decided(evidence, { waitedMs: 150_000 })).toEqual({ is: 'unknown' });
	});

	it('a List that cannot be read is read again for 60 s, and then nothing is known', () => {
		const evidence = { lookup: miss, listed: failed };
		for (const facts of [{}, { lookupWorks: true }]) {
			expect(decided(evidence, { facts, waitedMs: 59_999 })).toMatchObject({ is: 'wait' });
			expect(decided(evidence, { facts, waitedMs: 60_000 })).toEqual({ is: 'unknown', failure });
		}
	});
});

describe('before anything is sent', () => {
	const reason = { is: 'before' } as const;

	it.each<[string, Evidence, State['facts']]>([
		['the lookup works', { lookup: miss }, { lookupWorks: true }],
		['List is clear', { lookup: miss, listed: clear }, {}],
		['others hide their ids', { lookup: miss, listed: running }, { lookupWorks: false }],
		['others have ended', { lookup: miss, listed: ended }, {}],
	])('absent, at once: %s', (_name, evidence, facts) => {
		expect(decided(evidence, { reason, facts })).toEqual({ is: 'absent' });
	});

	it.each<[string, Evidence, State['facts']]>([
		['the lookup fails', { lookup: failed, listed: clear }, { lookupWorks: true }],
		['List fails where it is needed', { lookup: miss, listed: failed }, {}],
		[
			'the lookup shows the task whose task_id it is, and List fails',
			{ lookup: hidden, listed: failed },
			{ lookupWorks: true },
		],
	])('unknown, so that nothing is sent: %s', (_name, evidence, facts) => {
		expect(decided(evidence, { reason, facts })).toEqual({ is: 'unknown', failure });
	});
});

describe('after Kling said that the id exists', () => {
	const reason = { is: 'refused' } as const;

	it.each<Evidence>([{ lookup: miss }, { lookup: failed }, { lookup: miss, listed: clear }])(
		'the task is waited for, 60 s at the most: %j',
		(evidence) => {
			const facts = { lookupWorks: true, duplicatesRefused: true } as const;
			expect(decided(evidence, { reason, facts, waitedMs: 59_999 })).toMatchObject({ is: 'wait' });
			expect(decided(evidence, { reason, facts, waitedMs: 60_000 })).toEqual({ is: 'unknown' });
		},
	);
});
