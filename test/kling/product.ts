import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chunk, encodePng } from './png';
import { renderRobot } from './robot/render';

/** The front of the robot whose other views this Kling draws. Made by `npm run images`. */
export const PRODUCT_IMAGE = join(__dirname, '../../docs/images/product-front.png');

/** Where the examples have it from. This Kling knows it without a network, so that they run as they are. */
export const PRODUCT_URL =
	'https://raw.githubusercontent.com/kling-multi-shot/n8n-nodes-kling-multi-shot/main/docs/images/product-front.png';

const SIDE_PX = 800;
const MARK = Buffer.from('Comment\0Front view of the robot of the local Kling', 'latin1');

export const readProductImage = (): Buffer => readFileSync(PRODUCT_IMAGE);

export function drawProductImage(): Buffer {
	const png = encodePng(SIDE_PX, SIDE_PX, renderRobot({ yaw: 0, pitch: 6 }, SIDE_PX, { fine: 4 }));
	// IEND is the last 12 bytes.
	return Buffer.concat([png.subarray(0, -12), chunk('tEXt', MARK), png.subarray(-12)]);
}

/** Known by its comment, whatever its bytes are after the next drawing. */
export const isProduct = (image: Buffer): boolean => image.includes(MARK);
