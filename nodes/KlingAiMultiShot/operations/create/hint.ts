/** For the output panel; undefined where nothing is worth saying. */
export function hintFor({
	charged,
	reused,
}: {
	charged: number;
	reused: number;
}): string | undefined {
	if (charged + reused === 0) return undefined;
	return `Charged: ${charged}${reused > 0 ? `, reused: ${reused}` : ''}`;
}
