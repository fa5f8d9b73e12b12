import { tryToParseDateTime, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';
import { canonicalStatus, type KlingTask } from '../../shared/client/task';
import { MAX_PAGE_NUMBER, MAX_PAGE_SIZE, type TaskApi } from '../../shared/client/taskApi';
import { parameterError, quoted } from '../../shared/input/parameterError';
import { statusOptions } from '../../shared/input/statuses';
import { TASK_ANSWER, toolDescription } from '../../shared/input/tool';
import { limiter } from '../../shared/lib/limiter';
import { taskOutput } from '../../shared/output/task';
import { klingError } from '../../shared/run/klingError';
import type { Operation } from '../../shared/run/operation';
import type { Result } from '../../shared/transport/failure';

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
			`Lists the tasks of Kling AI Multi-Shot that the account has, newest first, at no cost: an entry for each, with its task_id. ${TASK_ANSWER}`,
		),
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			description: 'Whether to return all results or only up to a given limit',
		},
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 50,
			displayOptions: { show: { returnAll: [false] } },
			description: 'Max number of results to return',
		},
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
				const result = await limited(async () => await collect(kling.multiShot, wanted));
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
	const returnAll = context.getNodeParameter('returnAll', itemIndex);
	const given: unknown = returnAll ? Infinity : context.getNodeParameter('limit', itemIndex);
	const limit = Number(given);
	if (!returnAll && !(Number.isInteger(limit) && limit >= 1))
		throw parameterError(
			context,
			'Limit',
			`is ${quoted(given)}`,
			'A whole number from 1 is expected.',
		);
	return {
		limit,
		createdAfter: readTime(context, filters.createdAfter),
		statuses: readStatuses(filters),
	};
}

function readStatuses({ statuses }: IDataObject): string[] {
	// An expression may give one status as plain text.
	const given = [statuses ?? []].flat().map(String);
	return given.filter((status) => status !== '').map(canonicalStatus);
}

/** How a time begins that can be told from other text: n8n reads "order-12" as December 2001. */
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
			'A time such as 2026-11-22T08:00:00 is expected.',
		);
	}
}

/** Tasks created between two pages shift the pages: a task seen twice is output once. */
async function collect(api: TaskApi, wanted: Wanted): Promise<Result<KlingTask[]>> {
	const isFiltered = wanted.createdAfter > -Infinity || wanted.statuses.length > 0;
	const pageSize = isFiltered ? MAX_PAGE_SIZE : Math.min(wanted.limit, MAX_PAGE_SIZE);
	const found = new Map<string, KlingTask>();
	for (let pageNum = 1; pageNum <= MAX_PAGE_NUMBER; pageNum++) {
		const page = await api.list({ pageNum, pageSize });
		if ('failure' in page) return page;
		for (const task of page.value) {
			if (found.size < wanted.limit && isWanted(task, wanted)) found.set(task.task_id, task);
		}
		if (found.size >= wanted.limit || page.value.length < pageSize) break;
		if (isOlder(page.value, wanted.createdAfter)) break;
	}
	return { value: [...found.values()] };
}

function isWanted(task: KlingTask, { createdAfter, statuses }: Wanted): boolean {
	const inTime = task.created_at === undefined || task.created_at >= createdAfter;
	return inTime && (statuses.length === 0 || statuses.includes(task.task_status));
}

/** Whether everything that follows must be older, too: the page is, and it runs from new to old. */
function isOlder(page: KlingTask[], createdAfter: number): boolean {
	const times = page.map((task) => task.created_at ?? Infinity);
	const newestFirst = (times[0] ?? 0) >= (times.at(-1) ?? 0);
	return newestFirst && times.every((time) => time < createdAfter);
}
