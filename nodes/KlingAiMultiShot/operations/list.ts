import { tryToParseDateTime, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';
import { collect } from '../../shared/client/collect';
import { canonicalStatus, type KlingTask } from '../../shared/client/task';
import { limitFields, readLimit } from '../../shared/input/limit';
import { parameterError, quoted } from '../../shared/input/parameterError';
import { statusOptions } from '../../shared/input/statuses';
import { TASK_ANSWER, toolDescription } from '../../shared/input/tool';
import { limiter } from '../../shared/lib/limiter';
import { taskOutput } from '../../shared/output/task';
import { klingError } from '../../shared/run/klingError';
import type { Operation } from '../../shared/run/operation';

const LISTS_CONCURRENCY = 3;

export const list: Operation = {
	entry: {
		name: 'List Tasks',
		value: 'list',
		action: 'List tasks',
		description: 'List the tasks of the account, newest first, one item each',
	},
	fields: [
		toolDescription(
			`Lists the account's Kling AI Multi-Shot tasks, newest first, at no cost: an entry for each, with its task_id. ${TASK_ANSWER}`,
		),
		...limitFields,
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			options: [
				{
					displayName: 'Created After',
					name: 'createdAfter',
					type: 'dateTime',
					default: '',
					description:
						"Only tasks created at this time or later. Without a time zone, the workflow's applies.",
				},
				{
					displayName: 'Statuses',
					name: 'statuses',
					type: 'multiOptions',
					options: statusOptions,
					default: [],
					description: 'Only tasks with one of these statuses. None chosen: all tasks.',
				},
			],
		},
	],
	start({ context, kling }) {
		const limited = limiter(LISTS_CONCURRENCY);
		return {
			async onItem(itemIndex) {
				const wanted = readWanted(context, itemIndex);
				const { createdAfter, statuses } = wanted;
				const result = await limited(
					async () =>
						await collect(kling.multiShot, {
							limit: wanted.limit,
							isFiltered: createdAfter > -Infinity || statuses.length > 0,
							valuesOf: (task) => (isWanted(task, wanted) ? [task] : []),
							isLast: (page) => isOlder(page, createdAfter),
						}),
				);
				if ('failure' in result)
					throw klingError(context, result.failure, { action: 'list the tasks' });
				return { items: result.value.map((task) => ({ json: taskOutput(task) })) };
			},
		};
	},
};

interface Wanted {
	limit: number;
	/** Unix milliseconds. */
	createdAfter: number;
	statuses: string[];
}

function readWanted(context: IExecuteFunctions, itemIndex: number): Wanted {
	const filters = context.getNodeParameter('filters', itemIndex, {});
	return {
		limit: readLimit(context, itemIndex),
		createdAfter: readTime(context, filters.createdAfter),
		statuses: readStatuses(filters),
	};
}

function readStatuses({ statuses }: IDataObject): string[] {
	// An expression may give one status as plain text.
	const given = [statuses ?? []].flat().map(String);
	return given.filter((status) => status !== '').map(canonicalStatus);
}

/** How a time begins. Stricter than n8n, which reads "order-12" as December 2001. */
const TIME = /^\s*(\d{4}-?\d\d|(mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )/i;
/** Unix milliseconds, as in Kling's created_at. */
const MILLISECONDS = /^\d{12,15}$/;

function readTime(context: IExecuteFunctions, value: unknown): number {
	if (value === undefined || value === '' || value === null) return -Infinity;
	const text = typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
	if (text && MILLISECONDS.test(text)) return Number(text);
	try {
		if (text !== undefined && !TIME.test(text)) throw new Error();
		return tryToParseDateTime(value, context.getTimezone()).toMillis();
	} catch {
		throw parameterError(
			context,
			'Created After',
			`is not a time: ${quoted(value)}`,
			'Enter a time such as 2026-11-22T08:00:00.',
		);
	}
}

function isWanted(task: KlingTask, { createdAfter, statuses }: Wanted): boolean {
	const inTime = task.created_at === undefined || task.created_at >= createdAfter;
	return inTime && (statuses.length === 0 || statuses.includes(task.task_status));
}

/** Whether all later pages must be older, too: this page is, and it is sorted newest first. */
function isOlder(page: KlingTask[], createdAfter: number): boolean {
	const times = page.map((task) => task.created_at ?? Infinity);
	const newestFirst = (times[0] ?? 0) >= (times.at(-1) ?? 0);
	return newestFirst && times.every((time) => time < createdAfter);
}
