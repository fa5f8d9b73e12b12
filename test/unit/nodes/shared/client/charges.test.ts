import {
	afterOutcome,
	NO_CHARGES,
	withOrigin,
	type Charges,
} from '../../../../../nodes/shared/client/charges';
import type { Origin, Outcome } from '../../../../../nodes/shared/client/payment';
import type { KlingFailure } from '../../../../../nodes/shared/transport/failure';

const TASK_ID = '867283741759111202';
const ID = 'order-1042';

const task = (origin: Origin): Outcome => ({
	is: 'task',
	task: { task_id: TASK_ID, task_status: 'submitted' },
	origin,
});
const failure: KlingFailure = { kind: 'noAnswer', reason: 'ECONNRESET' };
const failed = (mayExist: boolean): Outcome => ({ is: 'failed', failure, mayExist });
const stopped = (mayExist: boolean): Outcome => ({
	is: 'stopped',
	reason: new Error('The execution was canceled'),
	mayExist,
});
const charged: Charges = { task_ids: [TASK_ID], lost: [] };
const lost = (...ids: string[]): Charges => ({ task_ids: [], lost: ids });

describe('what an execution was charged for in one place', () => {
	it.each<[string, Charges, Outcome, string | undefined, Charges]>([
		['a new task', NO_CHARGES, task('new'), ID, charged],
		['a task of another execution', NO_CHARGES, task('foreign'), ID, NO_CHARGES],
		['the same task again', charged, task('adopted'), ID, charged],
		['a lost answer', NO_CHARGES, failed(true), ID, lost(ID)],
		['a lost answer, lost again', lost(ID), stopped(true), ID, lost(ID)],
		['a lost answer without an id', lost(''), failed(true), undefined, lost('', '')],
		['the task of a lost answer', lost(ID), task('adopted'), ID, charged],
		['no task of a lost answer', lost(ID), failed(false), ID, NO_CHARGES],
		['a lost answer, and then Stop', lost(ID), stopped(false), ID, lost(ID)],
		['a lost answer, and then the limit', lost(ID), { is: 'limited' }, ID, lost(ID)],
		['a lost answer, and then another id', lost(ID), failed(false), 'order-2', lost(ID)],
		['a lost answer without an id, and then a refusal', lost(''), failed(false), ID, lost('')],
		['a task, and then a refusal', charged, failed(false), ID, charged],
	])('%s', (_name, before, outcome, id, after) => {
		expect(afterOutcome(before, outcome, id)).toEqual(after);
	});
});

describe('a foreign task', () => {
	it.each<[string, Charges, string | undefined, Origin]>([
		['stays foreign where nothing was charged', NO_CHARGES, ID, 'foreign'],
		['stays foreign where another id was lost', lost('order-2'), ID, 'foreign'],
		['stays foreign where a create without an id was lost', lost(''), undefined, 'foreign'],
		['is of an earlier try that created it', charged, ID, 'adopted'],
		['is of an earlier try whose answer was lost', lost(ID), ID, 'adopted'],
	])('%s', (_name, before, id, origin) => {
		expect(withOrigin(task('foreign'), before, id)).toEqual(task(origin));
	});
});
