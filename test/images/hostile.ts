import { chunk } from '../kling/png';
import { segment } from './parts';

const MB10 = 10 * 1024 * 1024;
const SOI = Buffer.from([0xff, 0xd8]);
const JFIF = Buffer.concat([
	SOI,
	segment(0xe0, Buffer.from('JFIF\0\x01\x01\0\0\x01\0\x01\0\0', 'latin1')),
]);
const FRAME = segment(0xc0, Buffer.from([8, 2, 0, 2, 0, 1, 1, 0x11, 0]));
const SCAN = segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0]));
const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

function header(width: number, height: number): Buffer {
	const content = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
	content.writeUInt32BE(width);
	content.writeUInt32BE(height, 4);
	return chunk('IHDR', content);
}

/** 10 MB: a start, then the same bytes again and again. */
function filled(start: Buffer | Buffer[], fill: Buffer | number[]): Buffer {
	const head = Buffer.concat([start].flat());
	return Buffer.concat([head, Buffer.alloc(MB10 - head.length, Buffer.from(fill))]);
}

/** Made to keep a reader of headers busy. */
export const HOSTILE: Readonly<Record<string, () => Buffer>> = {
	'JFIF and zeros': () => filled(JFIF, [0]),
	'JFIF and 0xff': () => filled(JFIF, [0xff]),
	'stuffed zeros': () => filled(JFIF, [0xff, 0]),
	'restart markers': () => filled(JFIF, [0xff, 0xd3]),
	'segments without a length': () => filled(JFIF, [0xff, 0xe1, 0, 0]),
	'empty segments': () => filled(JFIF, [0xff, 0xfe, 0, 2]),
	'segments one byte apart': () => filled(JFIF, [0xff, 0xfe, 0, 2, 1]),
	'long segments': () => filled(JFIF, segment(0xe1, Buffer.alloc(65_000))),
	frames: () => filled(JFIF, FRAME),
	'a scan of zeros': () => filled([JFIF, FRAME, SCAN], [0]),
	'a scan of 0xff': () => filled([JFIF, FRAME, SCAN], [0xff]),
	'a scan of 0xd9': () => filled([JFIF, FRAME, SCAN], [0xd9]),
	'a scan of stuffed zeros': () => filled([JFIF, FRAME, SCAN], [0xff, 0]),
	scans: () => filled([JFIF, FRAME], SCAN),
	'empty PNG chunks': () => filled([PNG, header(500, 500)], chunk('teXt')),
	'empty data chunks': () => filled([PNG, header(500, 500)], chunk('IDAT')),
	'PNG and zeros': () => filled([PNG, header(500, 500)], [0]),
	'a chunk of 4 GB': () =>
		filled([PNG, header(500, 500)], [0xff, 0xff, 0xff, 0xff, ...Buffer.from('IDAT')]),
	'headers of PNG': () => filled(PNG, header(500, 500)),
	zeros: () => filled(Buffer.alloc(0), [0]),
	blanks: () => filled(Buffer.alloc(0), [0x20]),
	'XML comments': () => filled(Buffer.alloc(0), Buffer.from('<!---->')),
};
