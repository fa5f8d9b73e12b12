/** Enough for a colour. */
const SAMPLES = 10_000;

/** The mean colour of RGBA bytes, 0 to 255. */
export function average({
	data,
}: {
	data: Uint8Array;
}): [red: number, green: number, blue: number] {
	const pixels = Math.floor(data.length / 4);
	const step = Math.max(1, Math.floor(pixels / SAMPLES));
	let [red, green, blue, count] = [0, 0, 0, 0];
	for (let pixel = 0; pixel < pixels; pixel += step, count++) {
		red += data[pixel * 4] ?? 0;
		green += data[pixel * 4 + 1] ?? 0;
		blue += data[pixel * 4 + 2] ?? 0;
	}
	return [red / count, green / count, blue / count];
}
