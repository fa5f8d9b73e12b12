export function median(values: number[]): number {
	return quantile(values, 0.5);
}

/** By nearest rank; the median of an even number is the mean of the two in the middle. */
export function quantile(values: number[], share: number): number {
	const sorted = [...values].sort((one, other) => one - other);
	const rank = share * sorted.length;
	const at = (place: number) => sorted[Math.min(Math.max(place, 0), sorted.length - 1)] ?? NaN;
	return share === 0.5 && Number.isInteger(rank)
		? (at(rank - 1) + at(rank)) / 2
		: at(Math.ceil(rank) - 1);
}

export function sum(values: number[]): number {
	return values.reduce((total, value) => total + value, 0);
}

/** The median over the rounds of one round's ours divided by the same round's theirs. */
export function ratioOfRounds(ours: number[], theirs: number[]): number {
	return median(ours.map((value, round) => value / (theirs[round] ?? NaN)));
}

/** With as many digits as are meaningful. */
export function short(value: number): string {
	if (!Number.isFinite(value)) return 'none';
	if (Math.abs(value) >= 100) return value.toFixed(0);
	return String(Number(Math.abs(value) >= 10 ? value.toFixed(1) : value.toPrecision(3)));
}
