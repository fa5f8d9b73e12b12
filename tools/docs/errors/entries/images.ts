import { prepareBase64 } from '../../../../nodes/shared/input/imageBase64';
import { prepareImage } from '../../../../nodes/shared/input/image';
import { prepareFile } from '../../../../nodes/shared/input/imageFile';
import { imageRefusal, tooLarge } from '../../../../nodes/shared/input/imageRules';
import { imageError } from '../../../../nodes/shared/input/parameterError';
import { contextWith } from '../context';
import type { Entry, Section } from '../entry';

const LABEL = 'Input Binary Field "data"';
const FILE = { mimeType: 'image/png', data: '', id: 'filesystem-v2:1' };

/** Without checksums, which the package does not read. */
function png(width: number, height: number, chunks = ['IDAT', 'IEND']): Buffer {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header.writeUInt8(8, 8);
	header.writeUInt8(2, 9);
	return Buffer.concat([
		Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
		chunk('IHDR', header),
		...chunks.map((name) => chunk(name, Buffer.alloc(0))),
	]);
}

function chunk(name: string, content: Buffer): Buffer {
	const length = Buffer.alloc(4);
	length.writeUInt32BE(content.length);
	return Buffer.concat([length, Buffer.from(name, 'latin1'), content, Buffer.alloc(4)]);
}

function image(when: string, bytes: Buffer): Entry {
	return {
		when,
		show() {
			const refusal = imageRefusal(bytes);
			return refusal && imageError(contextWith(), LABEL, refusal);
		},
	};
}

function base64(when: string, imageBase64: unknown): Entry {
	return { when, show: () => prepareBase64(contextWith({ parameters: { imageBase64 } }), 0) };
}

function field(when: string, given: Parameters<typeof contextWith>[0]): Entry {
	const parameters = { binaryPropertyName: 'data', ...given?.parameters };
	return { when, show: async () => await prepareFile(contextWith({ ...given, parameters }), 0) };
}

const signal = new AbortController().signal;

/** With Check Image URL. */
export async function checkUrl(context: ReturnType<typeof contextWith>): Promise<unknown> {
	const { hint } = await prepareImage(context, 0, { isLocal: false, signal, checkImageUrl: true });
	return hint;
}

const URL_FIELDS = { imageSource: 'url', imageUrl: 'https://example.com/front.jpg' };

function fetched(when: string, statusCode: number, location?: string): Entry {
	const answer = { statusCode, headers: { location } };
	return {
		when,
		show: async () => await checkUrl(contextWith({ parameters: URL_FIELDS, answer })),
	};
}

export const images: Section = {
	heading: 'Images',
	about: 'Found before anything is sent.',
	entries: [
		field('A side has fewer than 300 px.', { file: FILE, bytes: png(1, 1) }),
		image('The image is much wider than it is high.', png(1000, 300)),
		image('The image is much higher than it is wide.', png(300, 1000)),
		{
			when: 'The file is too large.',
			show: () => imageError(contextWith(), LABEL, tooLarge(12_345_678)),
		},
		{
			when: 'The file is too large by a few bytes.',
			show: () => imageError(contextWith(), LABEL, tooLarge(10 * 1024 * 1024 + 1)),
		},
		image('The file has no bytes.', Buffer.alloc(0)),
		image('The file has an unsupported format.', Buffer.from('RIFF\0\0\0\0WEBP', 'latin1')),
		image('The format of the file cannot be recognized.', Buffer.from('hello')),
		image('The file is a web page, such as a login page.', Buffer.from('<!doctype html>')),
		image('The end of the file is missing.', png(300, 300, ['IDAT'])),
		image('The file is damaged.', png(300, 300, ['IEND'])),
		image(
			'The file uses a variant of its format that common software cannot read.',
			Buffer.from([0xff, 0xd8, 0xff, 0xc3]),
		),
		field('The input item has other files.', { item: { binary: { image: FILE } } }),
		field('The input item has no file.', {}),
		field('An expression gives neither a name nor a file.', {
			parameters: { binaryPropertyName: 5 },
		}),
		field('n8n has deleted the file together with its execution.', { file: FILE }),
		base64('The text holds an image that is too small.', png(1, 1).toString('base64')),
		base64('The text is missing, or an expression gives nothing.', ''),
		base64('The text is only a prefix.', 'data:image/png;base64,'),
		base64('An expression gives the file itself.', FILE),
		base64('An expression does not give text.', 5),
		base64('An expression gives the JSON of a stored file.', 'filesystem-v2'),
		base64('A character was lost.', 'hello'),
		base64('The text is not base64.', 'hello!'),
		base64('The text is too long.', 'A'.repeat(21_000_000)),
		{
			when: 'An expression gives an unknown source.',
			show: async () => await checkUrl(contextWith({ parameters: { imageSource: 'file' } })),
		},
		fetched('With Check Image URL: the address is wrong or requires a login.', 404),
		fetched('With Check Image URL: it redirects to a private network.', 302, 'http://10.0.0.1/'),
		fetched("With Check Image URL: it redirects to n8n's machine.", 302, 'http://localhost/'),
		fetched('With Check Image URL: it redirects to another protocol.', 302, 'ftp://example.com/'),
		fetched('With Check Image URL: it redirects to something else.', 302, 'http://['),
	],
};
