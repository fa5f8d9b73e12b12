export type Limiter = <Value>(work: () => Promise<Value>) => Promise<Value>;

/** Runs at most `concurrency` of the given functions at a time; the others wait in order. */
export function limiter(concurrency: number): Limiter {
	const waiting: Array<() => void> = [];
	let running = 0;
	return async (work) => {
		if (running >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve));
		else running++;
		try {
			return await work();
		} finally {
			const next = waiting.shift();
			if (next) next();
			else running--;
		}
	};
}
