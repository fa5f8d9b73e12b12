import { linear } from './light';
import { onGround, type Camera } from './project';

const TOP = linear([236, 240, 247]);
const BOTTOM = linear([214, 221, 232]);

/** Linear light of each pixel behind the object: `dark` is 0 to 1 for a place on the ground. */
export function backdrop(camera: Camera, dark: (x: number, z: number) => number): Float32Array {
	const { side } = camera;
	const light = new Float32Array(side * side * 3);
	const place = new Float64Array(2);
	for (let y = 0; y < side; y++) {
		const down = y / side;
		for (let x = 0; x < side; x++) {
			const isGround = onGround(camera, x + 0.5, y + 0.5, place);
			const lit = isGround ? 1 - 0.8 * dark(place[0] ?? 0, place[1] ?? 0) : 1;
			const off = (x / side - 0.5) ** 2 + (down - 0.45) ** 2;
			const share = lit * (1.06 - 0.3 * off);
			const at = (y * side + x) * 3;
			light[at] = (TOP[0] + (BOTTOM[0] - TOP[0]) * down) * share;
			light[at + 1] = (TOP[1] + (BOTTOM[1] - TOP[1]) * down) * share;
			light[at + 2] = (TOP[2] + (BOTTOM[2] - TOP[2]) * down) * share;
		}
	}
	return light;
}
