import { average } from './average';
import { decode } from './decode';
import { encodePng } from './png';
import { isProduct } from './product';
import { bodyColour } from './robot/colour';
import { PAINTS, type Colour } from './robot/parts';
import type { Angle } from './robot/project';
import { renderRobot } from './robot/render';

const SIDE_PX = 512;
/** Smaller, as they are encoded in plain JavaScript. */
const JPEG_SIDE_PX = 320;
const JPEG_QUALITY = 90;

type ImageType = 'image/png' | 'image/jpeg';

/** `view` is 0 to 8, three a set. */
export type ViewMaker = (sha256: string, view: number, type: ImageType) => Promise<Buffer>;

/** Set 0 goes round by the left, set 1 by the right, set 2 is from above and below. */
const VIEW_ANGLES: readonly Angle[] = [
	{ yaw: -42, pitch: 8 },
	{ yaw: -90, pitch: 6 },
	{ yaw: -145, pitch: 12 },
	{ yaw: 42, pitch: 8 },
	{ yaw: 90, pitch: 6 },
	{ yaw: 180, pitch: 8 },
	{ yaw: 25, pitch: 46 },
	{ yaw: -26, pitch: -3, zoom: 1.08 },
	{ yaw: 142, pitch: 32 },
];

/** A PNG, `side` pixels square. */
export function drawView(view: number, side: number, body: Colour = PAINTS.body): Buffer {
	const angle = VIEW_ANGLES[view] ?? { yaw: 0, pitch: 0 };
	return encodePng(side, side, renderRobot(angle, side, { body }));
}

/** Of all servers in this process, since a view costs more than all else here. */
const views = new Map<string, Promise<Buffer>>();
const MAX_VIEWS = 200;

/** Made when first asked for, and kept. `sources` holds the images that were sent in, by SHA-256; their colour is the robot's. */
export function makeViewMaker(sources: ReadonlyMap<string, Buffer>): ViewMaker {
	const bodies = new Map<string, Colour | undefined>();
	return async (sha256, view, type) => {
		const source = sources.get(sha256);
		if (source && !bodies.has(sha256)) {
			bodies.set(
				sha256,
				isProduct(source) ? undefined : bodyColour(average(decode(source).bitmap)),
			);
		}
		const body = bodies.get(sha256) ?? PAINTS.body;
		return await remember(`${body.join()} ${view} ${type}`, async () => {
			if (type === 'image/png') return drawView(view, SIDE_PX, body);
			const small = decode(drawView(view, JPEG_SIDE_PX, body));
			return await small.getBuffer(type, { quality: JPEG_QUALITY });
		});
	};
}

function remember(key: string, make: () => Promise<Buffer>): Promise<Buffer> {
	const view = views.get(key) ?? make();
	views.set(key, view);
	for (const oldest of views.keys()) {
		if (views.size <= MAX_VIEWS) break;
		views.delete(oldest);
	}
	return view;
}
