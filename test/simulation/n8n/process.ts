import type { INodeType, sleep } from 'n8n-workflow';
import type { LoadPackage, Loaded } from '../shipped';
import { never } from '../time/waiting';
import type { NodePlan } from '../world/plan';

/** One process of n8n. */
export interface SimProcess extends Loaded {
	/** Place and how often it was started. */
	name: string;
	isAlive: boolean;
	/** Resolves when it is killed. */
	died: Promise<void>;
	/** Timers of the package that have not fired. */
	timers: Set<NodeJS.Timeout>;
	/** As with kill -9: nothing of it goes on. */
	kill(): void;
}

/** Node.js makes shorter timers so long; with fake ones no time would pass. */
const MIN_TIMER_MS = 1;

/** @param plainSleep as in n8n-workflow before 2.34: hears no signal */
export function startProcess(load: LoadPackage, name: string, plainSleep: boolean): SimProcess {
	const timers = new Set<NodeJS.Timeout>();
	let onKilled = (): void => undefined;
	const died = new Promise<void>((resolve) => (onKilled = resolve));
	const ownSleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
		if (!process.isAlive) return await never();
		const heard = plainSleep ? undefined : signal;
		await new Promise<void>((resolve, reject) => {
			if (heard?.aborted) return reject(reasonOf(heard));
			const onAbort = () => {
				clearTimeout(timer);
				timers.delete(timer);
				reject(reasonOf(heard));
			};
			const timer = setTimeout(
				() => {
					timers.delete(timer);
					heard?.removeEventListener('abort', onAbort);
					resolve();
				},
				Math.max(MIN_TIMER_MS, ms),
			);
			timers.add(timer);
			heard?.addEventListener('abort', onAbort, { once: true });
		});
	};
	const process: SimProcess = {
		...load(ownSleep satisfies typeof sleep),
		name,
		isAlive: true,
		died,
		timers,
		kill() {
			process.isAlive = false;
			onKilled();
			for (const timer of timers) clearTimeout(timer);
			timers.clear();
		},
	};
	return process;
}

function reasonOf(signal: AbortSignal | undefined): Error {
	const reason: unknown = signal?.reason;
	return reason instanceof Error ? reason : new Error(String(reason));
}

export function nodeTypeOf({ node, element }: Loaded, { creates }: NodePlan): INodeType {
	return creates === 'element' ? element : node;
}
