import { defaultFormats, Jimp, type JimpInstance } from 'jimp';

/** Without Jimp.read(), whose guess at the format is an ES module that jest cannot load. */
export function decode(bytes: Buffer): JimpInstance {
	const mime = bytes[0] === 0x89 ? 'image/png' : 'image/jpeg';
	for (const format of defaultFormats) {
		const { mime: own, decode: read } = format();
		if (own === mime) return Jimp.fromBitmap(read(bytes)) as JimpInstance;
	}
	throw new Error(`No decoder for ${mime}`);
}
