/** A bug that somebody really made, put back into the shipped source: each text stands in its file exactly once. */
export interface Bug {
	name: string;
	/** Invariant and rule that it breaks. */
	breaks: string[];
	file: string;
	changes: Array<{ find: string; replace: string }>;
}

const CLIENT = 'nodes/shared/client';
const CREATE = 'nodes/KlingAiMultiShot/operations/create';

export const BUGS: Bug[] = [
	{
		name: 'the queue for a slot does not hear Stop',
		breaks: ['2: create after a fatal error', '2: create after Stop', '2: run goes on after Stop'],
		file: `${CREATE}/batch.ts`,
		changes: [
			{
				find: 'queue: openCapacityQueue(kling.multiShot, creates.signal, queueMs),',
				replace:
					'queue: openCapacityQueue(kling.multiShot, new AbortController().signal, queueMs),',
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
		file: `${CREATE}/batch.ts`,
		changes: [
			{
				find: 'return execution.sentIds.get(place) ?? (external_task_id || makeExternalId(place));',
				replace: 'return external_task_id || makeExternalId(place + image);',
			},
			{
				find: 'const id = idFor(creating, input, place);',
				replace: 'const id = idFor(creating, input, place, element_frontal_image);',
			},
			{
				find: '	place: string | undefined,\n): string | undefined {',
				replace: '	place: string | undefined,\n	image: string,\n): string | undefined {',
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
				find: 'if (main) main[0] = items.map(({ json, ...item }) => ({ ...item, json: deepCopy(json) }));',
				replace: 'if (main) main[0] = shown;',
			},
		],
	},
];
