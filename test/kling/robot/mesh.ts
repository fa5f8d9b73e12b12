/** x to the right, y up, z towards the viewer. */
export type Vector = readonly [x: number, y: number, z: number];

export interface Part {
	readonly at: Vector;
	/** From the centre to the sides. */
	readonly size: Vector;
	/** 1 is round, towards 0 it becomes a box: across (seen from the side), and around (seen from above). */
	readonly round?: readonly [across: number, around: number];
	/** Degrees about x, then y, then z. */
	readonly turn?: Vector;
	readonly paint: string;
}

/** Triangles of all parts; three numbers a point, a normal, a triangle. */
export interface Mesh {
	readonly points: Float32Array;
	readonly normals: Float32Array;
	readonly triangles: Uint32Array;
	/** One a triangle: index into `names`. */
	readonly paints: Uint8Array;
	readonly names: readonly string[];
}

const AROUND = 32;
const ACROSS = 16;
/** Parts that are smaller than this need half as many triangles each way. */
const SMALL = 0.12;

/** Each part is a superquadric: one formula for balls, rods with soft rims and boxes with soft edges. */
export function meshOf(parts: readonly Part[]): Mesh {
	const points: number[] = [];
	const normals: number[] = [];
	const triangles: number[] = [];
	const paints: number[] = [];
	const names = [...new Set(parts.map(({ paint }) => paint))];
	for (const part of parts) {
		const paint = names.indexOf(part.paint);
		const [around, across] =
			Math.max(...part.size) < SMALL ? [AROUND / 2, ACROSS / 2] : [AROUND, ACROSS];
		for (let row = 0; row <= across; row++) {
			for (let column = 0; column <= around; column++) {
				const number = points.length / 3;
				const { point, normal } = surface(part, row / across, column / around);
				points.push(...point);
				normals.push(...normal);
				if (row === across || column === around) continue;
				const above = number + around + 1;
				triangles.push(number, above, number + 1, number + 1, above, above + 1);
				paints.push(paint, paint);
			}
		}
	}
	return {
		points: Float32Array.from(points),
		normals: Float32Array.from(normals),
		triangles: Uint32Array.from(triangles),
		paints: Uint8Array.from(paints),
		names,
	};
}

/** `up` and `along` are 0 to 1. */
function surface({ at, size, round = [1, 1], turn = [0, 0, 0] }: Part, up: number, along: number) {
	const [v, u] = [(up - 0.5) * Math.PI, along * 2 * Math.PI];
	const [across, around] = round;
	const place = (one: number, two: number): Vector => [
		power(Math.cos(v), one) * power(Math.cos(u), two),
		power(Math.sin(v), one),
		power(Math.cos(v), one) * power(Math.sin(u), two),
	];
	const [x, y, z] = place(across, around);
	const [nx, ny, nz] = place(2 - across, 2 - around);
	const turned = turnBy([x * size[0], y * size[1], z * size[2]], turn);
	const normal = turnBy([nx / size[0], ny / size[1], nz / size[2]], turn);
	const length = Math.hypot(...normal) || 1;
	return {
		point: turned.map((value, axis) => value + (at[axis] ?? 0)),
		normal: normal.map((value) => value / length),
	};
}

const power = (value: number, exponent: number) => Math.sign(value) * Math.abs(value) ** exponent;

/** Degrees about x, then y, then z. */
export function turnBy([x, y, z]: Vector, [aboutX, aboutY, aboutZ]: Vector): Vector {
	const [y1, z1] = spin(y, z, aboutX);
	const [z2, x2] = spin(z1, x, aboutY);
	const [x3, y3] = spin(x2, y1, aboutZ);
	return [x3, y3, z2];
}

function spin(one: number, other: number, degrees: number): [number, number] {
	const [sine, cosine] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
	return [one * cosine - other * sine, one * sine + other * cosine];
}
