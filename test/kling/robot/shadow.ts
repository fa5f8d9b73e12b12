import type { Vector } from './mesh';
import { eachPoint } from './project';
import { rasterise } from './raster';

/** Under jest each use of a global is slow, so the loops below use none. */
const { exp, floor, min } = Math;
const FAR = Infinity;

/** Towards the lamp. */
export const LAMP: Vector = [-0.46, 0.72, 0.52];

const MAP_SIDE = 512;
const MAP_HALF = 2.9;
const BIAS = 0.06;
const GROUND_SIDE = 192;
const GROUND_HALF = 4.5;

/** 0 to 1: how much of the lamp's light is kept from a point by the object itself. */
export type Shade = (x: number, y: number, z: number) => number;

/** A map of what the lamp sees. */
export function ownShadow(points: Float32Array, triangles: Uint32Array): Shade {
	const [lx, ly, lz] = LAMP;
	const flat = Math.hypot(lx, lz);
	const scale = MAP_SIDE / (2 * MAP_HALF);
	const middle = MAP_SIDE / 2;
	// Pixels of the map: to the right, and down.
	const [xx, xz] = [(lz / flat) * scale, (-lx / flat) * scale];
	const [yx, yy, yz] = [((lx * ly) / flat) * scale, -flat * scale, ((lz * ly) / flat) * scale];
	const top = middle - 1.7 * yy;
	const { depth } = rasterise(
		MAP_SIDE,
		eachPoint(points, (x, y, z) => [
			middle + x * xx + z * xz,
			top + x * yx + y * yy + z * yz,
			-(x * lx + y * ly + z * lz),
		]),
		triangles,
	);
	return (x, y, z) => {
		const column = middle + x * xx + z * xz;
		const row = top + x * yx + y * yy + z * yz;
		const nearest = -(x * lx + y * ly + z * lz) - BIAS;
		const left = floor(column - 0.5);
		const over = floor(row - 0.5);
		const right = column - 0.5 - left;
		const down = row - 0.5 - over;
		let dark = 0;
		for (let stepY = -1; stepY <= 1; stepY++) {
			const at = (over + stepY) * MAP_SIDE + left;
			for (let stepX = -1; stepX <= 1; stepX++) {
				if ((depth[at + stepX] ?? FAR) < nearest) {
					dark += share(stepX, right) * share(stepY, down);
				}
			}
		}
		return dark;
	};
}

/** Of three cells beside each other, that add up to 1 and change smoothly as `part` goes from 0 to 1. */
function share(step: number, part: number): number {
	if (step < 0) return 0.5 * (1 - part);
	return step > 0 ? 0.5 * part : 0.5;
}

/** 0 to 1: how dark the ground is at a place. */
export function groundShadow(
	points: Float32Array,
	triangles: Uint32Array,
): (x: number, z: number) => number {
	const [lx, ly, lz] = LAMP;
	const scale = GROUND_SIDE / (2 * GROUND_HALF);
	const cell = (value: number) => GROUND_SIDE / 2 + value * scale;
	const along = eachPoint(points, (x, y, z) => [
		cell(x - (y * lx) / ly),
		cell(z - (y * lz) / ly),
		0,
	]);
	const below = eachPoint(points, (x, y, z) => [cell(x), cell(z), y]);
	const cast = rasterise(GROUND_SIDE, along, triangles).triangle;
	const heights = rasterise(GROUND_SIDE, below, triangles).depth;
	const far = Float32Array.from(cast, (found) => (found ? 0.3 : 0));
	const near = Float32Array.from(heights, (height) => 0.75 * exp(-2.2 * height));
	const [soft, contact] = [blurred(blurred(far, 5), 5), blurred(blurred(near, 3), 3)];
	return (x, z) => {
		const column = cell(x);
		const row = cell(z);
		const dark = 1 - (1 - sample(soft, column, row)) * (1 - sample(contact, column, row));
		return min(1, dark);
	};
}

/** The mean of a square, first along the rows, then along the columns. */
function blurred(cells: Float32Array, radius: number): Float32Array {
	const along = (from: Float32Array, step: number, across: number): Float32Array => {
		const to = new Float32Array(from.length);
		for (let line = 0; line < GROUND_SIDE; line++) {
			for (let place = radius; place < GROUND_SIDE - radius; place++) {
				let sum = 0;
				const at = line * across + place * step;
				for (let near = -radius; near <= radius; near++) sum += from[at + near * step] ?? 0;
				to[at] = sum / (2 * radius + 1);
			}
		}
		return to;
	};
	return along(along(cells, 1, GROUND_SIDE), GROUND_SIDE, 1);
}

function sample(cells: Float32Array, column: number, row: number): number {
	const left = floor(column);
	const top = floor(row);
	if (left < 0 || top < 0 || left >= GROUND_SIDE - 1 || top >= GROUND_SIDE - 1) return 0;
	const right = column - left;
	const down = row - top;
	const at = top * GROUND_SIDE + left;
	const upper = (cells[at] ?? 0) * (1 - right) + (cells[at + 1] ?? 0) * right;
	const under = at + GROUND_SIDE;
	const lower = (cells[under] ?? 0) * (1 - right) + (cells[under + 1] ?? 0) * right;
	return upper * (1 - down) + lower * down;
}
