import type { Plan } from './world/plan';
import type { ExecutionRecord, Record } from './record';
import type { SimKling } from './kling/simKling';
import type { SimProcess } from './n8n/process';
import type { VirtualTime } from './time/virtualTime';

/** What all parts of one running world share. */
export interface Sim {
	plan: Plan;
	time: VirtualTime;
	record: Record;
	kling: SimKling;
	/** The processes of n8n, as they are now. */
	processes: SimProcess[];
	nextSeq(): number;
	/** How many requests of each kind were seen, for the faults. */
	seen: Map<string, number>;
	/** Who waits for an execution to leave `running` or `waiting`. */
	watchers: Set<() => void>;
}

export type Status = ExecutionRecord['status'];

export function setStatus({ watchers }: Sim, execution: ExecutionRecord, status: Status): void {
	execution.status = status;
	for (const check of watchers) check();
}

/** Resolves when the execution has one of these. */
export function whenStatus(
	{ watchers }: Sim,
	execution: ExecutionRecord,
	isIt: (status: Status) => boolean,
): Promise<void> {
	return new Promise((resolve) => {
		const check = () => {
			if (!isIt(execution.status)) return;
			watchers.delete(check);
			resolve();
		};
		watchers.add(check);
		check();
	});
}
