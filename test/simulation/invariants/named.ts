import { everythingRead, twinsOf } from './reading';
import type { Invariant, Violation } from './violation';

/**
 * 3, part one. Every charged task is named, by task id or by external id, in what n8n keeps of the execution that charged it.
 * A task that was sent without any id and whose answer was lost has no name: then the text says that it may exist.
 * Not judged: a process that was killed; and a second task under one id of the user's that another process made as well, which
 * nobody can tell from the first.
 */
export const named: Invariant = (record) =>
	record.executions.flatMap((execution) => {
		if (execution.status === 'crashed') return [];
		const text = everythingRead(execution);
		const charges = record.charges.filter(({ call }) => call.execution === execution.id);
		return charges.flatMap((charge): Violation[] => {
			const { task, call } = charge;
			const { task_id, external_task_id } = task;
			if (text.includes(task_id)) return [];
			if (external_task_id !== undefined && text.includes(external_task_id)) return [];
			if (twinsOf(record, charge).some((twin) => text.includes(twin.task_id))) return [];
			const isNameless =
				external_task_id === undefined && (call.code !== 0 || call.fault !== undefined);
			if (isNameless && MAY_EXIST.test(text)) return [];
			const detail = `execution ${execution.id} (${execution.status}): task ${task_id}, external id ${external_task_id ?? 'none'}`;
			return [{ invariant: 3, rule: 'charged task named nowhere', detail }];
		});
	});

const MAY_EXIST = /may (exist|have been)|perhaps|possibly/i;
