import type { Vector } from './mesh';

/** Degrees. The object turns, the camera rises; it always sees the object's middle. */
export interface Angle {
	readonly yaw: number;
	readonly pitch: number;
	/** 1 unless given; more is nearer. */
	readonly zoom?: number;
}

export interface Camera {
	readonly place: Vector;
	/** Of the direction from the object to the camera. */
	readonly sine: number;
	readonly cosine: number;
	/** Pixels of something one unit long, one unit away. */
	readonly focal: number;
	readonly side: number;
}

const MIDDLE_Y = 1.72;
const DISTANCE = 11;
const SHARE_OF_SIDE = 2.45;

export function cameraAt({ pitch, zoom = 1 }: Angle, side: number): Camera {
	const [sine, cosine] = [Math.sin((pitch * Math.PI) / 180), Math.cos((pitch * Math.PI) / 180)];
	const place: Vector = [0, MIDDLE_Y + DISTANCE * sine, DISTANCE * cosine];
	return { place, sine, cosine, focal: side * SHARE_OF_SIDE * zoom, side };
}

/** x and y in pixels and the distance of each point. */
export function onScreen(camera: Camera, points: Float32Array): Float32Array {
	const { sine, cosine, focal, side } = camera;
	return eachPoint(points, (x, y, z) => {
		const depth = DISTANCE - (y - MIDDLE_Y) * sine - z * cosine;
		const up = (y - MIDDLE_Y) * cosine - z * sine;
		return [side / 2 + (x * focal) / depth, side / 2 - (up * focal) / depth, depth];
	});
}

/** Writes x and z of the place on the ground (y = 0) that is seen at a pixel; false above the horizon. */
export function onGround(camera: Camera, x: number, y: number, place: Float64Array): boolean {
	const { sine, cosine, focal, side } = camera;
	const up = (side / 2 - y) / focal;
	const down = sine - up * cosine;
	if (down <= 0) return false;
	const far = camera.place[1] / down;
	place[0] = ((x - side / 2) / focal) * far;
	place[1] = camera.place[2] - far * (cosine + up * sine);
	return true;
}

/** About the y axis. */
export function turned(points: Float32Array, yaw: number): Float32Array {
	const [sine, cosine] = [Math.sin((yaw * Math.PI) / 180), Math.cos((yaw * Math.PI) / 180)];
	return eachPoint(points, (x, y, z) => [x * cosine + z * sine, y, z * cosine - x * sine]);
}

export function eachPoint(
	points: Float32Array,
	change: (x: number, y: number, z: number) => Vector,
): Float32Array {
	const changed = new Float32Array(points.length);
	for (let at = 0; at < points.length; at += 3) {
		const [x, y, z] = change(points[at] ?? 0, points[at + 1] ?? 0, points[at + 2] ?? 0);
		changed[at] = x;
		changed[at + 1] = y;
		changed[at + 2] = z;
	}
	return changed;
}
