/** At most `limit` of the works given to it go on at a time; the others wait in order. */
export function limiter(limit: number) {
	const queue: Array<() => void> = [];
	let running = 0;
	return async <Value>(work: () => Promise<Value>): Promise<Value> => {
		if (running >= limit) await new Promise<void>((resolve) => queue.push(resolve));
		else running++;
		try {
			return await work();
		} finally {
			const next = queue.shift();
			if (next) next();
			else running--;
		}
	};
}
