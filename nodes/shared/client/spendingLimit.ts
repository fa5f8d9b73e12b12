import type { ExecutionMemory } from './execution';

/** Counts new tasks of one node in one execution, in this process: loops and an agent's calls count together. */
export interface SpendingLimit {
	/** 0: no limit. */
	max: number;
	/** How many more may be created; Infinity without a limit. */
	left: () => number;
	/** @returns false if the limit is reached */
	reserve: () => boolean;
	/** What was reserved was certainly not created. */
	release: () => void;
}

export function spendingLimit(
	{ newTasks }: ExecutionMemory,
	nodeId: string,
	max: number,
): SpendingLimit {
	const count = () => newTasks.get(nodeId) ?? 0;
	const left = () => (max === 0 ? Infinity : Math.max(0, max - count()));
	return {
		max,
		left,
		reserve() {
			if (left() === 0) return false;
			newTasks.set(nodeId, count() + 1);
			return true;
		},
		release: () => void newTasks.set(nodeId, count() - 1),
	};
}
