type Colour = readonly [red: number, green: number, blue: number];

/** RGB bytes of a triangle beside a bar on a plain ground: not symmetric, so that flips and turns show. `variant` changes the colours. */
export function drawing(width: number, height: number, variant = 0): Buffer {
	const [ground, triangle, bar] = [0.92, 0.35, 0.6].map((light, index) =>
		Buffer.from(colour(variant + index, light)),
	);
	const rgb = Buffer.alloc(width * height * 3, ground);
	for (let y = 0; y < height; y++) {
		const paint = (left: number, right: number, by: Buffer | undefined) => {
			const start = (y * width + Math.floor(left * width)) * 3;
			rgb.fill(by ?? 0, start, (y * width + Math.floor(right * width)) * 3);
		};
		const down = y / height;
		if (down > 0.15 && down < 0.8) paint(0.1, 0.1 + (down - 0.15) * 0.85, triangle);
		if (down > 0.2 && down < 0.6) paint(0.75, 0.85, bar);
	}
	return rgb;
}

/** `light` is 0 to 1. */
function colour(variant: number, light: number): Colour {
	const channel = (shift: number) =>
		Math.round(255 * light * (0.75 + 0.25 * Math.sin(variant * 2.1 + shift)));
	return [channel(0), channel(2), channel(4)];
}
