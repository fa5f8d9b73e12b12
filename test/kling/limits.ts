import type { ElementLibrary } from './elements/library';
import { KlingError } from './errors';
import type { TaskStore } from './tasks';
import type { World } from './world';

/** What the creates of all endpoints share, since it is the account's. */
export interface Account {
	world: World;
	/** Of AI Multi-Shot. */
	tasks: TaskStore;
	elements: ElementLibrary;
	/** Unix ms of the creates that passed the rate limit. */
	recentCreates: number[];
}

/** Throws 1302. */
export function limitRate({ world, recentCreates }: Account): void {
	const now = world.now();
	while ((recentCreates[0] ?? now) <= now - 1000) recentCreates.shift();
	if (recentCreates.length >= world.switches.createsPerSecond) throw new KlingError(1302);
	recentCreates.push(now);
}

/** Throws 1303 and the duplicate's code, in the order that the switches ask for. */
export function claim(account: Account, tasks: TaskStore, external_task_id?: string): void {
	if (account.world.switches.slotsCheckedFirst) checkSlots(account, tasks);
	checkDuplicate(account, tasks, external_task_id);
	checkSlots(account, tasks);
}

function checkDuplicate({ world, ...account }: Account, tasks: TaskStore, id?: string): void {
	const { externalIdsUnique, externalIdsSpanEndpoints } = world.switches;
	if (id === undefined || !externalIdsUnique) return;
	const stores = externalIdsSpanEndpoints ? [account.tasks, account.elements.tasks] : [tasks];
	if (!stores.some((store) => store.findExternal(id))) return;
	const message = world.switches.duplicateMessage.replace('{id}', () => id);
	throw new KlingError(world.switches.duplicateCode, message);
}

function checkSlots({ world, ...account }: Account, tasks: TaskStore): void {
	const stores = world.switches.elementsShareSlots
		? [account.tasks, account.elements.tasks]
		: [tasks];
	const running = stores.reduce((sum, store) => sum + store.running(), 0);
	if (running >= world.slots) throw new KlingError(1303);
}
