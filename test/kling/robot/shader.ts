import { linear } from './light';
import { PAINTS, robot, type Colour } from './parts';
import type { Camera } from './project';
import { LAMP, ownShadow } from './shadow';

/** Under jest each use of a global is slow, so the loops below use none. */
const { max, min, sqrt } = Math;

const FILL = [0.85, 0.25, 0.45] as const;

/** How much of the lamp a paint mirrors. */
const GLOSS: Readonly<Record<string, number>> = { glass: 0.9, shell: 0.25 };
const USUAL_GLOSS = 0.4;

/** Linear light of a place in a triangle, by the weights of its first two corners. Runs half a million times an image, so it makes no objects. */
export function makeShader(
	points: Float32Array,
	normals: Float32Array,
	camera: Camera,
	body: Colour,
) {
	const { triangles, paints, names } = robot();
	const colours = names.map((name) => linear(name === 'body' ? body : (PAINTS[name] ?? body)));
	const gloss = names.map((name) => GLOSS[name] ?? USUAL_GLOSS);
	const glowing = names.indexOf('light');
	const shadow = ownShadow(points, triangles);
	const [cameraX, cameraY, cameraZ] = camera.place;
	const [lampX, lampY, lampZ] = LAMP;
	const [fillX, fillY, fillZ] = FILL;
	const mixed = new Float64Array(6);

	return (triangle: number, first: number, second: number, light: Float64Array): void => {
		const a = (triangles[triangle * 3] ?? 0) * 3;
		const b = (triangles[triangle * 3 + 1] ?? 0) * 3;
		const c = (triangles[triangle * 3 + 2] ?? 0) * 3;
		const third = 1 - first - second;
		for (let axis = 0; axis < 3; axis++) {
			mixed[axis] =
				at(points, a + axis) * first + at(points, b + axis) * second + at(points, c + axis) * third;
			mixed[axis + 3] =
				at(normals, a + axis) * first +
				at(normals, b + axis) * second +
				at(normals, c + axis) * third;
		}
		const x = at(mixed, 0);
		const y = at(mixed, 1);
		const z = at(mixed, 2);
		const sumX = at(mixed, 3);
		const sumY = at(mixed, 4);
		const sumZ = at(mixed, 5);
		const length = sqrt(sumX * sumX + sumY * sumY + sumZ * sumZ) || 1;
		const nx = sumX / length;
		const ny = sumY / length;
		const nz = sumZ / length;
		const toX = cameraX - x;
		const toY = cameraY - y;
		const toZ = cameraZ - z;
		const far = sqrt(toX * toX + toY * toY + toZ * toZ);
		const facing = (nx * toX + ny * toY + nz * toZ) / far;
		const lamp = nx * lampX + ny * lampY + nz * lampZ;
		const lit = lamp > 0 ? 1 - shadow(x + nx * 0.05, y + ny * 0.05, z + nz * 0.05) : 0;
		const fill = max(0, nx * fillX + ny * fillY + nz * fillZ);
		const sky = 0.34 + 0.2 * ny + 0.1 * min(1, y);
		const paint = paints[triangle] ?? 0;
		const diffuse = paint === glowing ? 1 : 0.95 * max(0, lamp) * lit + 0.22 * fill + sky;
		const towards = (lampX * toX + lampY * toY + lampZ * toZ) / far;
		const mirrored = max(0, 2 * lamp * facing - towards);
		const rim = (1 - max(0, facing)) ** 4;
		const shine = (gloss[paint] ?? 0) * (0.7 * lit * mirrored ** 40 + 0.35 * rim);
		const colour = colours[paint] ?? body;
		light[0] = colour[0] * diffuse + shine;
		light[1] = colour[1] * diffuse + shine;
		light[2] = colour[2] * diffuse + shine;
	};
}

const at = (values: Float32Array | Float64Array, index: number): number => values[index] ?? 0;
