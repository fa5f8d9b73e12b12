import type { Task } from '../../kling';
import type { ExecutionRecord, Place, Record } from '../record';
import type { NodePlan } from '../world/plan';
import {
	chargesOf,
	hintsRead,
	isError,
	isShared,
	itemIndexOf,
	ownIdsOf,
	twinsOf,
	withoutInput,
} from './reading';
import type { Invariant, Violation } from './violation';

/**
 * 3, part two. "Not charged" never stands beside a charged task. A sentence that names items is about those; any other is
 * about the item whose error it stands in, and about all items where the error names none.
 */
export const money: Invariant = (record, { node }) =>
	record.executions.flatMap((execution) => {
		if (execution.status === 'crashed') return [];
		return [
			...ofError(record, node, execution),
			...ofItems(record, node, execution),
			...ofHints(record, node, execution),
		];
	});

const NOT_CHARGED =
	/not (been )?charged|nothing (was |has been |is )?(made|created|sent)?( or | and |, )?(was )?charged|no (new )?(?:task|element) (was )?(made|created)|created no new (?:task|element)|not created|unpaid/i;
/** "Items 0, 2 to 4 (set 1) and 5": a set counts for the items before it. */
const OF_ITEMS = /\bitems? (\d+(?: \(set \d\))?(?:(?:, | and | to |-)\d+(?: \(set \d\))?)*)/i;

const OF_SET = /\bfor set (\d)\b/i;

interface Subject {
	item: number;
	/** Of an element from views; otherwise all of the item. */
	set?: number;
}

function ofError(record: Record, node: NodePlan, execution: ExecutionRecord): Violation[] {
	const { error, tries, kind, status } = execution;
	const last = tries.at(-1);
	if (!error || !last || kind === 'tool' || status === 'canceled') return [];
	const all = last.places.map((_place, item) => ({ item }));
	const subjects = error.itemIndex === undefined ? all : [{ item: error.itemIndex }];
	const text = `${error.message}\n${error.description}`;
	const { runIndex, places } = last;
	return lies({ record, node, execution, runIndex, places }, text, subjects);
}

function ofItems(record: Record, node: NodePlan, execution: ExecutionRecord): Violation[] {
	if (execution.kind === 'tool') return [];
	return execution.outputs.flatMap(({ runIndex, places, main, errors }) =>
		[...main, ...errors].filter(isError).flatMap((item) => {
			const { error, details } = withoutInput(item.json);
			const text = [error, details].map((part) => asText(part)).join('\n');
			const read = { record, node, execution, runIndex, places };
			return lies(read, text, [{ item: itemIndexOf(item) }]);
		}),
	);
}

interface Read {
	record: Record;
	node: NodePlan;
	execution: ExecutionRecord;
	runIndex: number;
	places: Place[];
}

/** @param subjects of sentences that name no item */
function lies(
	{ record, node, execution, runIndex, places }: Read,
	text: string,
	subjects: Subject[],
): Violation[] {
	const sentences = text.split(/\n|(?<=\.)\s+/).filter((sentence) => NOT_CHARGED.test(sentence));
	return sentences.flatMap((sentence) => {
		const listed = OF_ITEMS.exec(sentence)?.[1];
		const set = OF_SET.exec(sentence)?.[1];
		const about =
			listed !== undefined
				? subjectsIn(listed)
				: subjects.map((one) => (set === undefined ? one : { ...one, set: Number(set) }));
		return about.flatMap(({ item, set }): Violation[] => {
			const place = places[item];
			if (!place || isShared(places, place)) return [];
			const charges = chargesOf(record, node, execution.id, runIndex, place).filter(
				({ call }) => set === undefined || call.views?.set === set,
			);
			if (charges.length === 0) return [];
			// Beside a task of an earlier try that is named, this is true.
			const isNamed = charges.every((charge) =>
				[charge.task, ...twinsOf(record, charge)].some(({ task_id }) => text.includes(task_id)),
			);
			if (isNamed && /no new (task|element)/i.test(sentence)) return [];
			const detail = `execution ${execution.id}, item ${item}: "${sentence}", and task ${charges[0]?.task.task_id} was charged at ${charges[0]?.at} ms`;
			return [{ invariant: 3, rule: '"not charged" beside a charged task', detail }];
		});
	});
}

/** "0, 2 and 4 to 6 (set 2)" */
function subjectsIn(text: string): Subject[] {
	const named: Subject[] = [];
	let open: Subject[] = [];
	for (const part of text.split(/, | and /)) {
		const set = /\(set (\d)\)/.exec(part)?.[1];
		const [from = 0, to = from] = part
			.replace(/ \(.*/, '')
			.split(/ to |-/)
			.map(Number);
		for (let item = from; item <= to; item++) open.push({ item });
		if (set === undefined) continue;
		named.push(...open.map(({ item }) => ({ item, set: Number(set) })));
		open = [];
	}
	return [...named, ...open];
}

/**
 * Whose create made a task with an own id, or with the default one of an element from views, nobody can tell when the answer to
 * one was lost: those count as well.
 */
function ofHints(
	{ tasks, charges }: Record,
	node: NodePlan,
	execution: ExecutionRecord,
): Violation[] {
	const places = execution.tries.flatMap((one) => one.places);
	const ids = new Set(places.flatMap((place) => ownIdsOf(place, node)));
	const isKnown = ({ external_task_id = '' }: Task) =>
		ids.has(external_task_id) ||
		places.some(({ source = '' }) => source && external_task_id.startsWith(`element-${source}-`));
	const charged = charges.filter(({ call }) => call.execution === execution.id);
	const possible = new Set(charged.map(({ task }) => task));
	for (const task of tasks) if (isKnown(task)) possible.add(task);
	return hintsRead(execution).flatMap((hint): Violation[] => {
		const count = Number(/(?:charged|created): (\d+)/i.exec(hint)?.[1] ?? 0);
		if (count <= possible.size) return [];
		const detail = `execution ${execution.id}: "${hint}", and ${possible.size} were charged`;
		return [{ invariant: 3, rule: 'the hint counts charges that were none', detail }];
	});
}

function asText(part: unknown): string {
	return typeof part === 'string' ? part : JSON.stringify(part ?? '');
}
