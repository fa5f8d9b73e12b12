/** A bug that somebody really made, put back into the shipped source: each text stands in its file exactly once. */
export interface Bug {
	name: string;
	/** Invariant and rule that it breaks. */
	breaks: string[];
	file: string;
	changes: Array<{ find: string; replace: string }>;
}

const CLIENT = 'nodes/shared/client';
const CREATING = 'nodes/shared/creating';

export const BUGS: Bug[] = [
	{
		name: 'the queue for a slot does not hear Stop',
		breaks: ['2: create after a fatal error', '2: create after Stop', '2: run goes on after Stop'],
		file: `${CREATING}/batch.ts`,
		changes: [
			{
				find: 'queue: openCapacityQueue(api, signal, queueMs),',
				replace: 'queue: openCapacityQueue(api, new AbortController().signal, queueMs),',
			},
		],
	},
	{
		name: 'absent after 3 s',
		breaks: ['1: charged again by one process'],
		file: `${CLIENT}/findTask.ts`,
		changes: [
			{
				find: 'export const VISIBLE_AFTER_MS = 20_000;',
				replace: 'export const VISIBLE_AFTER_MS = 3_000;',
			},
		],
	},
	{
		name: 'the made id depends on the image, and is not remembered',
		breaks: ['1: charged again by one process'],
		file: `${CREATING}/batch.ts`,
		changes: [
			{
				find: 'return execution.sentIds.get(where) ?? (external_task_id || generateExternalId(where));',
				replace: 'return external_task_id || generateExternalId(where + image);',
			},
			{
				find: 'idFor(creating, order, where?.key);',
				replace: 'idFor(creating, order, where?.key, JSON.stringify(loaded));',
			},
			{
				find: '	where: string | undefined,\n): string | undefined {',
				replace: '	where: string | undefined,\n	image: string,\n): string | undefined {',
			},
		],
	},
	{
		name: 'a later try that ends early forgets the id that was sent',
		breaks: ['1: charged again by one process'],
		file: `${CREATING}/batch.ts`,
		changes: [
			{
				find: 'if (isNewId && !isSent(outcome))',
				replace: 'if (isRemembered && !isSent(outcome))',
			},
		],
	},
	{
		name: 'an external id may be in flight twice',
		breaks: ['1: charged again by one process'],
		file: `${CLIENT}/payOnce.ts`,
		changes: [{ find: 'if (!leader) break;', replace: 'if (leader ?? !leader) break;' }],
	},
	{
		name: 'a code that is in no table counts as unpaid',
		breaks: ['3: "not charged" beside a charged task', '1: charged again by one process'],
		file: 'nodes/shared/transport/retry.ts',
		changes: [
			{
				find: 'return known === undefined || known.mayHaveCreated === true;',
				replace: 'return known?.mayHaveCreated === true;',
			},
		],
	},
	{
		name: 'the array that n8n empties is parked',
		breaks: ['3: items lost', '3: charged task named nowhere'],
		file: 'nodes/shared/waiting/park.ts',
		changes: [
			{
				find: 'if (main) main[0] = parkedItems(items);',
				replace: 'if (main) main[0] = shown;',
			},
		],
	},
	{
		name: 'the body of a callback is believed',
		breaks: ['3: "completed" for a task that runs'],
		file: 'nodes/shared/waiting/resume.ts',
		changes: [
			{
				find: 'const signed = signature.signed ? signedTask(body, callback) : undefined;',
				replace: 'const signed = taskOfCallback(body as IDataObject, callback);',
			},
		],
	},
	{
		name: 'Max New Tasks is not counted',
		breaks: ['1: more charges than Max New Tasks'],
		file: `${CLIENT}/spendingLimit.ts`,
		changes: [
			{
				find: 'newTasks.set(nodeId, count() + 1);',
				replace: 'newTasks.set(nodeId, count());',
			},
		],
	},
	{
		name: 'a later try forgets what the one before was charged',
		breaks: ['3: "not charged" beside a charged task'],
		file: `${CREATING}/earlierCharges.ts`,
		changes: [
			{
				find: 'return chargesAt(execution.charges, place?.itemKey, isTool(context) ? undefined : place?.key);',
				replace:
					"return chargesAt(execution.charges, undefined, isTool(context) ? place?.itemKey : '');",
			},
		],
	},
	{
		name: 'an id that is the task_id of another task adopts that one',
		breaks: ["3: another item's task"],
		file: `${CLIENT}/findTask.ts`,
		changes: [
			{ find: "if (!hasExternalId(result.value, id)) return { is: 'hidden' };", replace: '' },
		],
	},
	{
		name: "an item's error does not wait for its other creates",
		breaks: ['3: "not charged" beside a charged task', '3: charged task named nowhere'],
		file: 'nodes/shared/run/run.ts',
		changes: [{ find: '	await work.idle?.();\n', replace: '' }],
	},
	{
		name: 'the default id of an element is another one at each try',
		breaks: ['1: charged again by one process'],
		file: 'nodes/KlingElement/operations/create/input.ts',
		changes: [
			{ find: '`element-${task_id}-${set}`', replace: '`element-${task_id}-${set}-${Date.now()}`' },
		],
	},
	{
		name: 'time is read from the wall clock',
		breaks: ['2: no end within the time limits'],
		file: `${CLIENT}/findTask.ts`,
		changes: [
			{ find: 'const startedAt = performance.now();', replace: 'const startedAt = Date.now();' },
			{
				find: 'const waitedMs = performance.now() - startedAt;',
				replace: 'const waitedMs = Date.now() - startedAt;',
			},
		],
	},
];
