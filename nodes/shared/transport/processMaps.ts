import { expiringMap, type ExpiringMap } from '../lib/expiringMap';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Everything that this process remembers from one run or request to the next, with its bounds. */
const BOUNDS = {
	/** Tries of one execution: n8n starts the next one within 5 s. Running ones are held. */
	executions: { max: 2_000, lifetimeMs: MINUTE_MS },
	/** What became of a create, by account and external id. Those of running executions are held. */
	attempts: { max: 10_000, lifetimeMs: 24 * HOUR_MS },
	/** Creates under way, by account and external id: each ends with its run and removes itself. */
	createsInFlight: { max: Infinity, lifetimeMs: Infinity },
	/** What was seen of Kling's undocumented behaviour, by account. */
	facts: { max: 1_000, lifetimeMs: HOUR_MS },
	/** Webhook secrets, by workflow and credential: for about as long as a task runs. */
	signingKeys: { max: 1_000, lifetimeMs: 2 * MINUTE_MS },
	/** Callbacks of a paused execution: from the first one to the one that resumes it. */
	pausedExecutions: { max: 200, lifetimeMs: 24 * HOUR_MS },
	/** One for each trigger node and account; each bounds its own tasks. */
	triggers: { max: 1_000, lifetimeMs: Infinity },
} as const;

/** @param isHeld entries that must not be dropped yet, because something that is running needs them */
export function processMap<Value>(
	name: keyof typeof BOUNDS,
	isHeld?: (value: Value) => boolean,
): ExpiringMap<Value> {
	return expiringMap<Value>({ ...BOUNDS[name], ...(isHeld && { isHeld }) });
}
