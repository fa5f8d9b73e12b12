import type { ExecutionRecord, Place, Record } from '../record';
import { chargesOf, hintsRead, isError, isShared, itemIndexOf, withoutInput } from './reading';
import type { Invariant, Violation } from './violation';

/**
 * 3, part two. "Not charged" never stands beside a charged task. A sentence that names items is about those; any other is
 * about the item whose error it stands in, and about all items where the error names none.
 */
export const money: Invariant = (record) =>
	record.executions.flatMap((execution) => {
		if (execution.status === 'crashed') return [];
		return [
			...ofError(record, execution),
			...ofItems(record, execution),
			...ofHints(record, execution),
		];
	});

const NOT_CHARGED =
	/not (been )?charged|nothing (was |has been |is )?(made|created|sent)?( or | and |, )?(was )?charged|no (new )?(?:task|element) (was )?(made|created)|not created|unpaid/i;
const OF_ITEMS = /\bitems? (\d+(?:(?:, | and | to |-)\d+)*)/i;

function ofError(record: Record, execution: ExecutionRecord): Violation[] {
	const { error, tries, kind, status } = execution;
	const last = tries.at(-1);
	if (!error || !last || kind === 'tool' || status === 'canceled') return [];
	const all = last.places.map((_place, index) => index);
	const subject = error.itemIndex === undefined ? all : [error.itemIndex];
	const text = `${error.message}\n${error.description}`;
	return lies(record, execution, last.runIndex, last.places, text, subject);
}

function ofItems(record: Record, execution: ExecutionRecord): Violation[] {
	if (execution.kind === 'tool') return [];
	return execution.outputs.flatMap(({ runIndex, places, main, errors }) =>
		[...main, ...errors].filter(isError).flatMap((item) => {
			const { error, details } = withoutInput(item.json);
			const text = [error, details].map((part) => asText(part)).join('\n');
			return lies(record, execution, runIndex, places, text, [itemIndexOf(item)]);
		}),
	);
}

function lies(
	record: Record,
	execution: ExecutionRecord,
	runIndex: number,
	places: Place[],
	text: string,
	subject: number[],
): Violation[] {
	const sentences = text.split(/\n|(?<=\.)\s+/).filter((sentence) => NOT_CHARGED.test(sentence));
	return sentences.flatMap((sentence) => {
		const listed = OF_ITEMS.exec(sentence)?.[1];
		const indexes = listed === undefined ? subject : numbersIn(listed);
		return indexes.flatMap((index): Violation[] => {
			const place = places[index];
			if (!place || isShared(places, place)) return [];
			const charges = chargesOf(record, execution.id, runIndex, place);
			if (charges.length === 0) return [];
			// Beside a task of an earlier try that is named, this is true.
			const isNamed = charges.every(({ task }) => text.includes(task.task_id));
			if (isNamed && /no new (task|element)/i.test(sentence)) return [];
			const detail = `execution ${execution.id}, item ${index}: "${sentence}", and task ${charges[0]?.task.task_id} was charged at ${charges[0]?.at} ms`;
			return [{ invariant: 3, rule: '"not charged" beside a charged task', detail }];
		});
	});
}

/** "0, 2 and 4 to 6" */
function numbersIn(text: string): number[] {
	return text.split(/, | and /).flatMap((part) => {
		const [from = 0, to = from] = part.split(/ to |-/).map(Number);
		return Array.from({ length: to - from + 1 }, (_, offset) => from + offset);
	});
}

/** Whose create made a task with an own id nobody can tell, when the answer to one was lost: those count as well. */
function ofHints({ tasks, charges }: Record, execution: ExecutionRecord): Violation[] {
	const ids = new Set(execution.tries.flatMap(({ places }) => places.map(({ ownId }) => ownId)));
	const charged = charges.filter(({ call }) => call.execution === execution.id);
	const possible = new Set(charged.map(({ task }) => task));
	for (const task of tasks)
		if (task.external_task_id !== undefined && ids.has(task.external_task_id)) possible.add(task);
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
