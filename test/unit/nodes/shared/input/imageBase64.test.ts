import { createHash } from 'node:crypto';
import type { INodeExecutionData } from 'n8n-workflow';
import { readBase64 } from '../../../../../nodes/shared/input/base64';
import { makeImage, seededRandom } from '../../../../kling';
import { useStage } from '../../../../support/stage';
import { told } from '../transport/told';

const stage = useStage({ mode: 'manual' });
let image: Buffer;

beforeAll(async () => {
	image = await makeImage({ width: 300, height: 400, type: 'jpeg' });
	// Or these tests would prove nothing.
	expect(image.toString('base64')).toMatch(/\+.*\//s);
});
beforeEach(() => stage.kling.reset());

const create = async (imageBase64: string, item: INodeExecutionData) =>
	await stage.engine.runNode({
		parameters: {
			operation: 'create',
			waitForCompletion: false,
			imageSource: 'base64',
			imageBase64,
		},
		items: [item],
	});

it.each<[string, (base64: string) => string]>([
	['a form made a blank of each +', (base64) => base64.replaceAll('+', ' ')],
	[
		'a form made a blank of each +, in lines',
		(base64) => base64.replaceAll('+', ' ').replace(/(.{76})/g, '$1\r\n'),
	],
	['lines that were joined by blanks', (base64) => base64.replace(/(.{76})/g, '$1 ')],
	['indented lines', (base64) => base64.replace(/(.{76})/g, '  $1\n')],
	[
		'base64url, as Gmail gives it',
		(base64) => base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
	],
])('%s: the same image is sent', async (_name, change) => {
	const run = await create('={{ $json.text }}', {
		json: { text: change(image.toString('base64')) },
	});
	expect(told(run)).toBe('');
	const sha256 = createHash('sha256').update(image).digest('hex');
	expect(stage.kling.tasks.map((task) => task.image.sha256)).toEqual([sha256]);
});

it('blanks for + are read in bytes of any kind', () => {
	const random = seededRandom(15);
	for (let length = 60; length < 400; length++) {
		const bytes = Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
		// Of an image neither end is a +: it begins and ends with known bytes.
		const text = `/9j/${bytes.toString('base64')}`.replace(/\+(=*)$/, 'A$1');
		const whole = Buffer.from(text, 'base64');
		expect(readBase64(text.replaceAll('+', ' '))).toEqual(whole);
	}
});

it.each(['={{ $binary.data.data }}', 'filesystem-v2', 's3', 'database'])(
	'%s of a stored file: choose Binary File',
	async (value) => {
		const data = await stage.engine.binary({ content: image });
		const run = await create(value, { json: {}, binary: { data } });
		expect(run.error?.message).toMatch(
			/^Image Base64 is (empty|".+", n8n's reference to a stored)/,
		);
		expect(run.error?.description).toContain('set Image Source to Binary File');
		expect(stage.kling.requests).toEqual([]);
	},
);

it('a file in the place of its text: choose Binary File', async () => {
	const data = await stage.engine.binary({ content: image });
	const run = await create('={{ $binary.data }}', { json: {}, binary: { data } });
	expect(told(run)).toMatch(
		/^Image Base64 is a file, not its text\nFor a file, set Image Source to Binary/,
	);
	expect(stage.kling.requests).toEqual([]);
});

it('text beyond all measure is refused without being read', async () => {
	const run = await create('={{ "A".repeat(30000000) }}', { json: {} });
	expect(told(run)).toMatch(/^Image is too large: 21\.5 MB, the maximum is 10 MB/);
});
