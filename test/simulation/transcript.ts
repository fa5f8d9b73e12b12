import type { Record } from './record';

/** What happened in a world, line by line, for whoever has to understand it. */
export function transcript(record: Record): string[] {
	const events: Array<{ seq: number; text: string }> = [];
	const add = (seq: number | undefined, at: number | undefined, text: string) =>
		void (seq !== undefined && events.push({ seq, text: `${String(at).padStart(8)} ms  ${text}` }));
	for (const call of record.calls) {
		const { operation, body, execution, process, fault, code } = call;
		const what = `${operation} ${JSON.stringify(body ?? '')}`.slice(0, 200);
		const name = `${execution}@${process}`;
		add(call.seq, call.at, `${name} -> ${what}${call.left ? '' : ' (not sent, stopped)'}`);
		add(
			call.answeredSeq,
			call.answeredAt,
			`${name} <- ${operation} code ${code}${fault ? ` [${fault}]` : ''}`,
		);
	}
	for (const { seq, at, task } of record.charges)
		add(seq, at, `Kling charges ${task.task_id} (${task.external_task_id ?? 'no id'})`);
	for (const execution of record.executions) {
		add(execution.stoppedSeq, execution.stoppedAt, `${execution.id} is stopped`);
		for (const one of execution.tries) {
			const name = `${execution.id}@${one.process} run ${one.runIndex} try ${one.number}`;
			add(
				one.startedSeq,
				one.startedAt,
				`${name} begins: ${JSON.stringify(one.places.map(({ image, ownId }) => [image, ownId]))}`,
			);
			const end = one.error
				? `throws ${JSON.stringify(one.error)}`
				: `puts out ${JSON.stringify(one.output?.map(short))} ${one.hints.join(' | ')}`;
			add(one.endedSeq, one.endedAt, `${name} ${end}`);
		}
	}
	events.sort((one, other) => one.seq - other.seq);
	return [
		...events.map(({ text }) => text),
		...record.executions.flatMap(({ id, status, outputs, log, customData, error }) => [
			`${id}: ${status}, log ${JSON.stringify(log)}, custom data ${JSON.stringify(customData)}, error ${JSON.stringify(error)}`,
			...outputs.map(
				({ main, errors }) =>
					`\tmain ${JSON.stringify(main.map(short))}\n\terrors ${JSON.stringify(errors.map(short))}`,
			),
		]),
		`resumes ${JSON.stringify(record.resumes)}`,
	];
}

function short({
	json,
	pairedItem,
}: {
	json: { [key: string]: unknown };
	pairedItem?: unknown;
}): unknown {
	const { task_id, task_status, completed, reused, error, details } = json;
	return { task_id, task_status, completed, reused, error, details, pairedItem };
}
