/** Under jest each use of a global is slow, so the loops below use none. */
const { ceil, floor, max, min } = Math;

/** What a pass over all triangles leaves in each pixel. */
export interface Raster {
	readonly side: number;
	/** Distance along the view, Infinity where there is nothing. */
	readonly depth: Float32Array;
	/** One more than the triangle's number, 0 where there is nothing. */
	readonly triangle: Uint32Array;
	/** Weights of the triangle's first and second corner. */
	readonly weights: Float32Array;
}

/** `screen` holds x and y in pixels and the depth of each point. Triangles that face away are left out. */
export function rasterise(side: number, screen: Float32Array, triangles: Uint32Array): Raster {
	const depth = new Float32Array(side * side).fill(Infinity);
	const triangle = new Uint32Array(side * side);
	const weights = new Float32Array(side * side * 2);
	for (let corner = 0; corner < triangles.length; corner += 3) {
		const a = (triangles[corner] as number) * 3;
		const b = (triangles[corner + 1] as number) * 3;
		const c = (triangles[corner + 2] as number) * 3;
		const ax = screen[a] as number;
		const ay = screen[a + 1] as number;
		const bx = screen[b] as number;
		const by = screen[b + 1] as number;
		const cx = screen[c] as number;
		const cy = screen[c + 1] as number;
		const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
		if (area >= 0) continue;
		const az = screen[a + 2] as number;
		const bz = screen[b + 2] as number;
		const cz = screen[c + 2] as number;
		const left = max(0, ceil(min(ax, bx, cx)));
		const right = min(side - 1, floor(max(ax, bx, cx)));
		const top = max(0, ceil(min(ay, by, cy)));
		const bottom = min(side - 1, floor(max(ay, by, cy)));
		for (let y = top; y <= bottom; y++) {
			for (let x = left; x <= right; x++) {
				const first = ((bx - x) * (cy - y) - (cx - x) * (by - y)) / area;
				if (first < 0) continue;
				const second = ((cx - x) * (ay - y) - (ax - x) * (cy - y)) / area;
				const third = 1 - first - second;
				if (second < 0 || third < 0) continue;
				const pixel = y * side + x;
				const near = first * az + second * bz + third * cz;
				if (near >= (depth[pixel] as number)) continue;
				depth[pixel] = near;
				triangle[pixel] = corner / 3 + 1;
				weights[pixel * 2] = first;
				weights[pixel * 2 + 1] = second;
			}
		}
	}
	return { side, depth, triangle, weights };
}
