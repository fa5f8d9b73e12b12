import type { CapacityQueue } from './capacityQueue';
import type { ExecutionMemory } from './execution';
import type { Facts } from './facts';
import type { SpendingLimit } from './spendingLimit';
import type { CreateBody, TaskApi } from './taskApi';

/** What the creates of one run share. */
export interface Creating {
	api: TaskApi;
	account: string;
	execution: ExecutionMemory;
	facts: Facts;
	queue: CapacityQueue;
	limit: SpendingLimit;
	/** No create is sent once it is aborted. */
	signal: AbortSignal;
}

export interface Order {
	body: CreateBody;
	/** Node, run and item. */
	place: string;
	/** The external id is the user's: it may have been used before, in another execution. */
	isStableId: boolean;
}
