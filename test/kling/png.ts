import { crc32, deflateSync } from 'node:zlib';

/** A PNG of RGB bytes. Done here because it takes a hundredth of the time of a codec in JavaScript under jest. */
export function encodePng(width: number, height: number, rgb: Buffer): Buffer {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width);
	header.writeUInt32BE(height, 4);
	// 8 bits a channel, RGB, and the only compression, filter and interlacing there is need of.
	header.set([8, 2, 0, 0, 0], 8);
	const stride = width * 3;
	// Each row begins with the number of its filter, 0.
	const rows = Buffer.alloc((stride + 1) * height);
	for (let row = 0; row < height; row++) {
		rgb.copy(rows, row * (stride + 1) + 1, row * stride, (row + 1) * stride);
	}
	const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
	const chunks = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND')];
	return Buffer.concat([signature, ...chunks]);
}

/** `type` is four letters. */
export function chunk(type: string, content: Buffer = Buffer.alloc(0)): Buffer {
	const checked = Buffer.concat([Buffer.from(type, 'latin1'), content]);
	const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
	length.writeUInt32BE(content.length);
	check.writeUInt32BE(crc32(checked));
	return Buffer.concat([length, checked, check]);
}
