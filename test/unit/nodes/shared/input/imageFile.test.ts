import { createHash } from 'node:crypto';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { makeImage } from '../../../../kling';
import { useStage } from '../../../../support/stage';
import { told } from '../transport/told';

const stage = useStage({ mode: 'manual' });
let image: Buffer;

beforeAll(async () => {
	image = await makeImage({ width: 300, height: 400 });
});
beforeEach(() => stage.kling.reset());

type BinaryMode = 'separate' | 'combined';
const parametersOf = (binaryPropertyName: string) => ({
	operation: 'create',
	waitForCompletion: false,
	imageSource: 'binary',
	binaryPropertyName,
});
const create = async (field: string, item: INodeExecutionData, binaryMode?: BinaryMode) =>
	await stage.engine.runNode({
		parameters: parametersOf(field),
		items: [item],
		...(binaryMode && { workflow: { settings: { binaryMode } } }),
	});
const stored = async () => await stage.engine.binary({ content: image });
/** As n8n puts a file into the JSON with this setting. */
const combined = async (): Promise<INodeExecutionData> => ({
	json: { _files: { data: (await stored()) as unknown as IDataObject } },
});
const isSent = () => {
	const sha256 = createHash('sha256').update(image).digest('hex');
	expect(stage.kling.tasks.map((task) => task.image)).toEqual([{ sha256, bytes: image.length }]);
};

describe('with the workflow setting binaryMode: combined', () => {
	it.each(['_files.data', '={{ $json._files.data }}'])('%s is the file', async (field) => {
		expect(told(await create(field, await combined(), 'combined'))).toBe('');
		isSent();
	});

	it('a field that is not there is refused, and the files are named', async () => {
		const run = await create('data', await combined(), 'combined');
		expect(run.error?.message).toMatch(/^Input Binary Field names "data", which is not a file/);
		expect(run.error?.description).toContain('The item has these files: _files.data.');
		expect(stage.kling.requests).toEqual([]);
	});
});

describe('an expression that gives the file itself', () => {
	it.each(['={{ $binary.data }}', "={{ $('Input').first().binary.data }}"])(
		'%s is the file',
		async (field) => {
			const run = await create(field, { json: {}, binary: { data: await stored() } });
			expect(told(run)).toBe('');
			isSent();
		},
	);

	it('also behind a node that dropped the file', async () => {
		const run = await stage.engine.runWorkflow({
			nodes: [
				{
					name: 'Get',
					type: 'test.source',
					items: [{ json: {}, binary: { data: await stored() } }],
				},
				{ name: 'Code', type: 'test.source', items: [{ json: { code: true } }] },
				{
					name: 'Kling',
					type: 'klingAiMultiShot',
					parameters: parametersOf("={{ $('Get').first().binary.data }}"),
				},
			],
			connections: [['Get', 'Code', 'Kling']],
		});
		expect(told(run)).toBe('');
		isSent();
	});

	it.each(['={{ $binary }}', '={{ [1] }}', '={{ 7 }}'])('%s is none', async (field) => {
		const run = await create(field, { json: {}, binary: { data: await stored() } });
		expect(run.error?.message).toMatch(
			/^Input Binary Field is neither the name of a field nor a file: /,
		);
		expect(run.error?.description).toContain('{{ $binary.data }}');
		expect(stage.kling.requests).toEqual([]);
	});
});

it('a file that n8n no longer has is refused, with its field and what to do', async () => {
	const file = await stored();
	const gone = { ...file, id: `${file.id}-gone` };
	const run = await create('data', { json: {}, binary: { data: gone } });
	expect(run.error?.message).toBe(
		'Input Binary Field "data" cannot be read: n8n no longer has the file',
	);
	expect(run.error?.description).toMatch(/: run the node that reads or downloads it again/);
	expect(stage.kling.requests).toEqual([]);
});

it('a file that is too large is refused', async () => {
	const content = await makeImage({ minimumBytes: 11 * 1024 * 1024 });
	const data = await stage.engine.binary({ content });
	const run = await create('data', { json: {}, binary: { data } });
	expect(told(run)).toMatch(
		/^Image is too large: 11\.0 MB.*\n.*\nParameter: Input Binary Field "data"$/,
	);
});
