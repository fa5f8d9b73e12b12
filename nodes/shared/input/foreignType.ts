/** File types that users mistake for a JPEG or PNG, by their first bytes as Latin-1. */
const TYPES: ReadonlyArray<[start: RegExp, name: string]> = [
	[/^GIF8/, 'a GIF'],
	[/^RIFF....WEBP/s, 'a WebP'],
	[/^....ftyp(avif|avis)/s, 'an AVIF'],
	[/^....ftyp(hei[cxms]|hev[cx]|mif1|msf1)/s, 'a HEIC'],
	[/^....ftyp/s, 'a video'],
	[/^BM/, 'a BMP'],
	[/^(II\*\0|MM\0\*)/, 'a TIFF'],
	[/^(\xff\x0a|\0\0\0\x0cJXL )/, 'a JPEG XL'],
	[/^(\xff\x4f\xff\x51|\0\0\0\x0cjP )/, 'a JPEG 2000'],
	[/^8BPS/, 'a Photoshop file'],
	[/^%PDF/, 'a PDF'],
	[/^PK\x03\x04/, 'a ZIP or Office file'],
	[/^\s*(<\?xml[^>]*>\s*)?(<!--[^>]*-->\s*)*<svg/i, 'an SVG'],
	[/^\s*<(!doctype|html|head|body)/i, 'a web page'],
	[/^\s*<\?xml/i, 'an XML text'],
	[/^\s*[[{]\s*["{[]/, 'a JSON text'],
];

/** Bytes of a file that are enough. */
const START_BYTES = 256;

/** What it is instead of a JPEG or PNG, with its article; undefined if nothing says so. */
export function foreignType(bytes: Buffer): string | undefined {
	const start = bytes.toString('latin1', 0, START_BYTES).replace(/^\xef\xbb\xbf/, '');
	return TYPES.find(([pattern]) => pattern.test(start))?.[1];
}
