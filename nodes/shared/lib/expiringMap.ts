export interface Recent<Value> {
	get: (key: string) => Value | undefined;
	set: (key: string, value: Value) => void;
	delete: (key: string) => void;
}

/** Forgets an entry after its lifetime since it was set last, and the oldest when there are more than `most`. */
export function recent<Value>(most: number, lifetimeMs: number): Recent<Value> {
	const entries = new Map<string, { value: Value; until: number }>();

	function forgetOld(): void {
		for (const [key, { until }] of entries) {
			if (entries.size <= most && until > Date.now()) return;
			entries.delete(key);
		}
	}

	return {
		get(key) {
			const entry = entries.get(key);
			return entry && entry.until > Date.now() ? entry.value : undefined;
		},
		set(key, value) {
			// Behind all others, which are therefore in the order of their ends.
			entries.delete(key);
			entries.set(key, { value, until: Date.now() + lifetimeMs });
			forgetOld();
		},
		delete(key) {
			entries.delete(key);
		},
	};
}
