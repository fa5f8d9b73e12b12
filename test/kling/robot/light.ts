import type { Colour } from './parts';

/** Under jest each use of a global is slow, so the loops below use none. */
const { exp, round } = Math;

const STEPS = 8192;
const BRIGHTEST = 1.5;
const BYTES = Uint8Array.from({ length: STEPS + 1 }, (_, step) => {
	const light = (step / STEPS) * BRIGHTEST;
	// A soft shoulder instead of hard white.
	const soft = light > 0.8 ? 0.8 + 0.2 * (1 - exp((0.8 - light) / 0.2)) : light;
	return round(255 * soft ** (1 / 2.2));
});

/** A byte of linear light, which is 0 or more. */
export function encoded(light: number): number {
	const step = round((light / BRIGHTEST) * STEPS);
	return BYTES[step > STEPS ? STEPS : step] ?? 255;
}

/** Linear light of bytes. */
export function linear([red, green, blue]: Colour): Colour {
	return [(red / 255) ** 2.2, (green / 255) ** 2.2, (blue / 255) ** 2.2];
}
