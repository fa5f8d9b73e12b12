/** The lower bound: each task starts on the first free slot, with no time lost in between. */
export function greedyMs(durations: number[], slotCount: number): number {
	const slots = Array<number>(slotCount).fill(0);
	for (const duration of durations) {
		const first = slots.indexOf(Math.min(...slots));
		slots[first] = (slots[first] ?? 0) + duration;
	}
	return Math.max(...slots);
}
