import { processMap } from '../transport/processMaps';
import type { ChargeMemory } from './charges';

/** What this process remembers of an execution, so that a retry pays for nothing twice. */
export interface ExecutionMemory {
	executionId: string;
	/** Calls of execute() on the stack. */
	running: number;
	/** The external id that was sent for a place: node, run and item. */
	sentIds: Map<string, string>;
	charges: ChargeMemory;
	/** New tasks by node id: created, or perhaps created. */
	newTasks: Map<string, number>;
	/** Milliseconds of monotonic time at which the last execute() ended. */
	endedAt: number;
}

/** n8n's longest pause between two tries is 5 s. */
const RETRY_MS = 60_000;

const executions = processMap<ExecutionMemory>('executions', isInUse);

/** To be followed by {@link leaveExecution}, whatever happens. */
export function enterExecution(executionId: string): ExecutionMemory {
	const memory = executions.get(executionId) ?? {
		executionId,
		running: 0,
		sentIds: new Map(),
		charges: new Map(),
		newTasks: new Map(),
		endedAt: 0,
	};
	memory.running++;
	if (executionId !== '') executions.set(executionId, memory);
	return memory;
}

export function leaveExecution(memory: ExecutionMemory): void {
	memory.running--;
	memory.endedAt = performance.now();
	if (memory.executionId !== '') executions.set(memory.executionId, memory);
}

/** Whether the execution is running, or may still be retried. */
export function isInUse({ running, endedAt }: ExecutionMemory): boolean {
	return running > 0 || performance.now() - endedAt < RETRY_MS;
}
