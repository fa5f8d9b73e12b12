import { backdrop } from './backdrop';
import { encoded } from './light';
import { PAINTS, robot, type Colour } from './parts';
import { cameraAt, onScreen, turned, type Angle } from './project';
import { rasterise, type Raster } from './raster';
import { makeShader } from './shader';
import { groundShadow } from './shadow';

/** Under jest each use of a global is slow, so the loops below use none. */
const { abs, floor, round } = Math;

/** Between neighbours, beyond which there is an edge. */
const EDGE_DEPTH = 0.05;

/**
 * RGB bytes, `side` pixels square; the same arguments give the same bytes.
 * `fine`: edges are drawn so many times larger, then averaged.
 */
export function renderRobot(
	angle: Angle,
	side: number,
	{ body = PAINTS.body, fine = 2 }: { body?: Colour; fine?: number } = {},
): Buffer {
	const { points: still, normals, triangles, paints } = robot();
	const points = turned(still, angle.yaw);
	const camera = cameraAt(angle, side * fine);
	const raster = rasterise(side * fine, onScreen(camera, points), triangles);
	const shade = makeShader(points, turned(normals, angle.yaw), camera, body);
	const light = backdrop(cameraAt(angle, side), groundShadow(points, triangles));
	const rgb = Buffer.alloc(side * side * 3);
	const sample = new Float64Array(3);
	for (let pixel = 0; pixel < side * side; pixel++) {
		const corner = floor(pixel / side) * fine * side * fine + (pixel % side) * fine;
		const parts = isEven(raster, paints, corner, fine) ? 1 : fine * fine;
		// Bytes, not light: the mean of light would make edges between light and dark look jagged.
		let open = 1;
		let red = 0;
		let green = 0;
		let blue = 0;
		for (let part = 0; part < parts; part++) {
			const at = corner + floor(part / fine) * side * fine + (part % fine);
			const triangle = raster.triangle[at] ?? 0;
			if (triangle === 0) continue;
			shade(triangle - 1, raster.weights[at * 2] ?? 0, raster.weights[at * 2 + 1] ?? 0, sample);
			red += encoded(sample[0] ?? 0) / parts;
			green += encoded(sample[1] ?? 0) / parts;
			blue += encoded(sample[2] ?? 0) / parts;
			open -= 1 / parts;
		}
		const at = pixel * 3;
		rgb[at] = round(red + open * encoded(light[at] ?? 0));
		rgb[at + 1] = round(green + open * encoded(light[at + 1] ?? 0));
		rgb[at + 2] = round(blue + open * encoded(light[at + 2] ?? 0));
	}
	return rgb;
}

/** Whether one sample is enough for the square that begins at `corner`. */
function isEven(
	{ side, triangle, depth }: Raster,
	paints: Uint8Array,
	corner: number,
	fine: number,
): boolean {
	const first = triangle[corner] ?? 0;
	const near = depth[corner] ?? 0;
	for (let down = 0; down < fine; down++) {
		for (let at = corner + down * side; at < corner + down * side + fine; at++) {
			const other = triangle[at] ?? 0;
			if (other === first) continue;
			if (first === 0 || other === 0 || paints[first - 1] !== paints[other - 1]) return false;
			if (abs((depth[at] ?? 0) - near) > EDGE_DEPTH) return false;
		}
	}
	return true;
}
