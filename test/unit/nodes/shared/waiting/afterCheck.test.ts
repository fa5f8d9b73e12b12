import type { KlingTask } from '../../../../../nodes/shared/client/task';
import type { KlingFailure } from '../../../../../nodes/shared/transport/failure';
import { afterCheck, type Known } from '../../../../../nodes/shared/waiting/afterCheck';
import { ERROR_CODES } from '../../../../kling';

const ID = '867283741759111202';
const UNKNOWN_MS = 20_000;
const seen: KlingTask = { task_id: ID, task_status: 'processing' };

const code = (number: number): KlingFailure => ({ kind: 'code', code: number, message: 'No' });
const known = (more: Partial<Known> = {}): Known => ({
	id: ID,
	task: undefined,
	failure: undefined,
	since: 0,
	...more,
});
const checked = (failure: KlingFailure, more: Partial<Known> = {}, now = 0) =>
	afterCheck(known(more), { failure }, now).is;
const sees = (task: KlingTask, more: Partial<Known> = {}) =>
	afterCheck(known(more), { value: task }, 0);

describe('a task', () => {
	it.each([
		['succeed', 'ended'],
		['failed', 'ended'],
		['processing', 'running'],
		['submitted', 'running'],
		['queued', 'running'],
	])('with the status %s has %s', (task_status, is) => {
		const task = { task_id: ID, task_status };
		expect(sees(task)).toEqual({ is, task });
	});

	it('is taken by its id, or by its external id, and not for another', () => {
		const other: KlingTask = { task_id: '1', task_status: 'succeed' };
		const wrong = { is: 'failure', failure: { kind: 'unreadable', reason: 'notATask' } };
		expect(sees({ ...other, task_info: { external_task_id: ID } }).is).toBe('ended');
		expect(sees({ ...other, task_info: {} }).is).toBe('ended');
		expect(sees({ ...other, task_info: { external_task_id: 'order-1' } })).toEqual(wrong);
		expect(sees(seen, { isExternal: true })).toEqual(wrong);
		expect(sees({ ...other, task_info: { external_task_id: ID } }, { isExternal: true }).is).toBe(
			'ended',
		);
	});
});

describe('what passes: the wait goes on, however late it is', () => {
	it.each<[string, KlingFailure]>([
		['a page with HTTP 404', { kind: 'unreadable', reason: 'webPage', httpStatus: 404 }],
		['{}', { kind: 'unreadable', reason: 'noCode', httpStatus: 200 }],
		['a redirect', { kind: 'unreadable', reason: 'redirect', httpStatus: 302 }],
		['truncated JSON', { kind: 'unreadable', reason: 'notJson', httpStatus: 200 }],
		['no data', { kind: 'unreadable', reason: 'noData' }],
		['32 MB', { kind: 'unreadable', reason: 'tooLarge' }],
		['no answer', { kind: 'noAnswer', reason: 'ECONNRESET' }],
		['no network', { kind: 'notSent', reason: 'ECONNREFUSED' }],
		['a code that nobody knows', code(7777)],
		...[1302, 1303, 5000, 5001, 5002].map((number): [string, KlingFailure] => [
			String(number),
			code(number),
		]),
	])('%s', (_name, failure) => {
		for (const task of [undefined, seen])
			expect(checked(failure, { task, failure }, 900_000)).toBe('failure');
	});
});

it.each(
	Object.keys(ERROR_CODES)
		.map(Number)
		.filter((number) => ![1003, 1004, 1201, 1203, 1302, 1303, 5000, 5001, 5002].includes(number)),
)("%i is Kling's last word, at once", (number) => {
	expect(afterCheck(known({ task: seen }), { failure: code(number) }, 0)).toEqual({
		is: 'refused',
		failure: code(number),
	});
});

describe.each([1201, 1203])('a task that Kling does not know: %i', (number) => {
	it('may be shown yet, for 20 s', () => {
		expect(checked(code(number), {}, UNKNOWN_MS - 1)).toBe('failure');
		expect(checked(code(number), {}, UNKNOWN_MS)).toBe('refused');
		expect(checked(code(number), { since: 1_000 }, UNKNOWN_MS)).toBe('failure');
	});

	it('and that was seen before, is waited for', () => {
		expect(checked(code(number), { task: seen }, 900_000)).toBe('failure');
	});
});

describe('a token that is refused', () => {
	it('is replaced by the next check, once', () => {
		expect(checked(code(1003))).toBe('failure');
		expect(checked(code(1004), { failure: code(1003) })).toBe('refused');
	});

	it('after another failure may be replaced again', () => {
		expect(checked(code(1003), { failure: code(5000) })).toBe('failure');
	});
});
