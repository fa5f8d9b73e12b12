import type { Found } from '../../../../../nodes/shared/client/findTask';
import {
	afterFind,
	afterSend,
	newPayment,
	type Payment,
	type Step,
} from '../../../../../nodes/shared/client/payment';
import type { KlingTask } from '../../../../../nodes/shared/client/task';
import type { KlingFailure } from '../../../../../nodes/shared/transport/failure';

const NOW = 50_000;
const ID = 'order-1042';
const TASK: KlingTask = { task_id: '867283741759111202', task_status: 'submitted' };

const code = (number: number, message = 'No'): KlingFailure => ({
	kind: 'code',
	code: number,
	message,
});
const LOST: KlingFailure = { kind: 'noAnswer', reason: 'ECONNRESET' };
const REFUSED = code(1201, `External_task_id ${ID} already exists`);
const page = (httpStatus: number): KlingFailure => ({
	kind: 'unreadable',
	reason: 'webPage',
	httpStatus,
});
const paying = (known: Partial<Payment> = {}): Payment => ({ ...newPayment(ID), ...known });
const sent = (failure: KlingFailure, known: Partial<Payment> = {}) =>
	afterSend(paying(known), { failure }, NOW);
const ended = (failure: KlingFailure, mayExist: boolean): Step => ({
	do: 'end',
	outcome: { is: 'failed', failure, mayExist },
});

// Half of each pause: jitter is part of the answer.
beforeEach(() => jest.spyOn(Math, 'random').mockReturnValue(0.5));
afterEach(() => jest.restoreAllMocks());

describe('after a send', () => {
	it('a task is the outcome, and new, whatever was lost before', () => {
		for (const known of [{}, { lostAt: 1, lostBy: 'adopted' as const, faults: 3 }])
			expect(afterSend(paying(known), { value: TASK }, NOW).step).toEqual({
				do: 'end',
				outcome: { is: 'task', task: TASK, origin: 'new' },
			});
	});

	it.each([
		['no answer', LOST],
		['half an answer', { kind: 'noAnswer', reason: '' } as const],
		['a page with HTTP 200', page(200)],
		['a page with HTTP 404', page(404)],
		['a page with HTTP 504', page(504)],
		['{}', { kind: 'unreadable', reason: 'noCode' } as const],
		['a redirect', { kind: 'unreadable', reason: 'redirect' } as const],
		['no data', { kind: 'unreadable', reason: 'noData' } as const],
		['5000', code(5000)],
		['5002', code(5002)],
		['a code that nobody knows', code(7777)],
	])('%s: the task may exist, so it is looked for', (_name, failure) => {
		expect(sent(failure, { faults: 1 })).toEqual({
			payment: paying({ faults: 2, lostAt: NOW, lostBy: 'new', lastFailure: failure }),
			step: { do: 'find' },
		});
	});

	it('without an external id there is nothing to look for, and nothing is sent again', () => {
		expect(sent(LOST, { external_task_id: undefined }).step).toEqual(ended(LOST, true));
	});

	it.each([
		['a refused connection', { kind: 'notSent', reason: 'ECONNREFUSED' } as const],
		['5001', code(5001)],
	])('%s: nothing was created, so it is sent again, five times in all', (_name, failure) => {
		const steps: Step[] = [];
		let payment = paying();
		let step: Step = { do: 'send', afterMs: 0 };
		while (step.do === 'send') {
			({ payment, step } = afterSend(payment, { failure }, NOW));
			steps.push(step);
		}
		expect(steps).toEqual([
			...[500, 1_000, 2_000, 4_000].map((afterMs) => ({ do: 'send', afterMs })),
			ended(failure, false),
		]);
		expect(payment.lostAt).toBeUndefined();
	});

	it.each([1003, 1004])('%i: sent again at once, one time', (number) => {
		const first = sent(code(number));
		expect(first.step).toEqual({ do: 'send', afterMs: 0 });
		expect(first.payment.reSigned).toBe(true);
		expect(afterSend(first.payment, { failure: code(number) }, NOW).step).toEqual(
			ended(code(number), false),
		);
	});

	it.each([1000, 1001, 1002, 1100, 1101, 1102, 1103, 1202, 1300, 1301, 1302, 1303, 1304])(
		'%i: the end, not charged; but after a lost answer that stays open',
		(number) => {
			expect(sent(code(number)).step).toEqual(ended(code(number), false));
			expect(sent(code(number), { lostAt: 1 }).step).toEqual(ended(code(number), true));
		},
	);

	it.each([
		[1200, `bad ${ID}`],
		[1201, `External_task_id ${ID} already exists`],
		[1203, 'this id exists'],
		[1201, 'Duplicate id'],
		[1200, 'do not repeat'],
	])('%i "%s" may mean a duplicate: only finding the task proves it', (number, message) => {
		const failure = code(number, message);
		expect(sent(failure).step).toEqual({ do: 'find', refused: failure });
		expect(sent(failure, { external_task_id: undefined }).step).toEqual(ended(failure, false));
	});

	it.each([1200, 1201, 1203])(
		'%i in other words is a wrong value, unless an answer was lost before',
		(number) => {
			const failure = code(number, 'Image pixel is invalid');
			expect(sent(failure).step).toEqual(ended(failure, false));
			expect(sent(failure, { lostAt: 1 }).step).toEqual({ do: 'find', refused: failure });
		},
	);

	it.each([1101, 1301])('%i is no duplicate, whatever its words', (number) => {
		const failure = code(number, `${ID} already exists`);
		expect(sent(failure).step).toEqual(ended(failure, false));
	});
});

describe('after looking for the task', () => {
	const found: Found = { is: 'found', task: TASK };
	const absent: Found = { is: 'absent' };
	const look = (
		known: Partial<Payment>,
		seen: Found,
		more: Partial<Parameters<typeof afterFind>[2]> = {},
	) => afterFind(paying(known), seen, { isSafeToRepeat: false, ...more });

	it.each(['new', 'adopted', 'foreign'] as const)(
		'found: it is of whom the answer was lost: %s',
		(lostBy) => {
			for (const refused of [undefined, REFUSED])
				expect(look({ lostBy, lostAt: 1 }, found, { refused }).step).toEqual({
					do: 'end',
					outcome: { is: 'task', task: TASK, origin: lostBy },
				});
		},
	);

	it("nothing was sent before: another one's task is foreign, and none is created at once", () => {
		expect(look({}, found).step).toMatchObject({ outcome: { origin: 'foreign' } });
		expect(look({}, absent).step).toEqual({ do: 'send', afterMs: 0 });
	});

	it.each<[string, Found]>([
		['absent', absent],
		['unknown', { is: 'unknown' }],
		['unknown, by a failure', { is: 'unknown', failure: LOST }],
	])('refused as a duplicate, but %s: the refusal is the outcome', (_name, seen) => {
		expect(look({}, seen, { refused: REFUSED }).step).toEqual(ended(REFUSED, false));
		expect(look({ lostAt: 1 }, seen, { refused: REFUSED }).step).toEqual(ended(REFUSED, true));
	});

	it('unknown: never a second create', () => {
		const failure = code(1103);
		expect(look({ lostAt: 1, lastFailure: LOST }, { is: 'unknown', failure }).step).toEqual(
			ended(failure, true),
		);
		expect(look({ lostAt: 1, lastFailure: LOST }, { is: 'unknown' }).step).toEqual(
			ended(LOST, true),
		);
		expect(look({ lostAt: 1 }, { is: 'unknown' }).step).toEqual({
			do: 'end',
			outcome: { is: 'inDoubt' },
		});
		expect(look({}, { is: 'unknown', failure }).step).toEqual(ended(failure, false));
	});

	it('absent is proven: sent again after a pause, with nothing open', () => {
		expect(look({ lostAt: 1, lostBy: 'new', faults: 2, lastFailure: LOST }, absent)).toEqual({
			payment: paying({ faults: 2, lastFailure: LOST }),
			step: { do: 'send', afterMs: 1_000 },
		});
	});

	it('absent is harmless, not proven: sent again, and the first one stays open', () => {
		const known = { lostAt: 1, lostBy: 'new', faults: 1, lastFailure: LOST } as const;
		expect(look(known, absent, { isSafeToRepeat: true })).toEqual({
			payment: paying(known),
			step: { do: 'send', afterMs: 500 },
		});
	});

	it('absent after the fifth fault: the end', () => {
		const known = { lostAt: 1, lostBy: 'new', faults: 5, lastFailure: LOST } as const;
		expect(look(known, absent).step).toEqual(ended(LOST, false));
		expect(look(known, absent, { isSafeToRepeat: true }).step).toEqual(ended(LOST, true));
	});
});
