export interface ExpiringMap<Value> {
	get: (key: string) => Value | undefined;
	set: (key: string, value: Value) => void;
	delete: (key: string) => void;
}

export interface Bounds<Value> {
	/** Entries. With more, the one that was set first is dropped. */
	max: number;
	/** Since the entry was last set; monotonic, so that a clock that is set back changes nothing. */
	lifetimeMs: number;
	/** Entries that must outlive both bounds; the caller bounds their number. */
	isHeld?: (value: Value) => boolean;
}

/** A map whose entries expire. All state that a process keeps between runs lives in one of these. */
export function expiringMap<Value>({ max, lifetimeMs, isHeld }: Bounds<Value>): ExpiringMap<Value> {
	const entries = new Map<string, { value: Value; until: number }>();

	function dropOld(): void {
		let excess = entries.size - max;
		for (const [key, { value, until }] of entries) {
			if (excess <= 0 && until > performance.now()) return;
			if (isHeld?.(value)) continue;
			entries.delete(key);
			excess--;
		}
	}

	return {
		get(key) {
			const entry = entries.get(key);
			if (!entry) return undefined;
			return entry.until > performance.now() || isHeld?.(entry.value) ? entry.value : undefined;
		},
		set(key, value) {
			// Deleted first, so that entries stand in the order in which they expire.
			entries.delete(key);
			entries.set(key, { value, until: performance.now() + lifetimeMs });
			dropOld();
		},
		delete(key) {
			entries.delete(key);
		},
	};
}
