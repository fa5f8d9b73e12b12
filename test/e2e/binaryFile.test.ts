import { createHash } from 'node:crypto';
import { makeImage } from '../kling';
import { ACTION_TYPE, failureOf, outputOf, type Execution } from '../support/n8n';
import { link, node, start } from './nodes';
import { useStage } from './stage';

const stage = useStage();
beforeEach(() => stage.kling.reset());

const DROP = 'return [{ json: { name: "no file here" } }];';
const LOSE = `
const { data } = $input.first().binary;
return [{ json: {}, binary: { data: { ...data, id: data.id + "-gone" } } }];`;

/** Get → Code → Kling, or without Code: Get downloads an image, and Kling is given `field`. */
async function run(field: string, jsCode?: string, settings: object = {}): Promise<Execution> {
	const { api, imageUrl, put } = stage;
	const get = node('Get', 'n8n-nodes-base.httpRequest', 4.2, {
		url: imageUrl,
		options: { response: { response: { responseFormat: 'file' } } },
	});
	const code = jsCode === undefined ? [] : [node('Code', 'n8n-nodes-base.code', 2, { jsCode })];
	const create = node('Kling', ACTION_TYPE, 1, {
		operation: 'create',
		waitForCompletion: false,
		imageSource: 'binary',
		binaryPropertyName: field,
	});
	const nodes = [start, get, ...code, create];
	const { id } = await put({
		name: `Binary File: ${field}`,
		nodes,
		connections: link(...nodes.map(({ name }) => name)),
		settings: { executionOrder: 'v1', ...settings },
	});
	return await api.waitUntilFinished(await api.run(id, 'Start'));
}

async function expectSent(execution: Execution): Promise<void> {
	expect([execution.status, failureOf(execution)]).toEqual(['success', 'status success']);
	const bytes = await makeImage();
	const sha256 = createHash('sha256').update(bytes).digest('hex');
	expect(stage.kling.tasks.map((task) => task.image)).toEqual([{ sha256, bytes: bytes.length }]);
	expect(outputOf(execution, 'Kling')[0]?.json['task_id']).toBe(stage.kling.tasks[0]?.task_id);
}

it('an expression gives the file of a node before a Code node that dropped it', async () => {
	await expectSent(await run("={{ $('Get').first().binary.data }}", DROP));
});

it('a file that n8n no longer has: the field is named, and what to do', async () => {
	const failure = failureOf(await run('data', LOSE));
	expect(failure).toContain('Input Binary Field "data" cannot be read: n8n no longer has the file');
	expect(failure).toContain('run the node that reads or downloads it again');
	expect(stage.kling.count('create')).toBe(0);
});

describe('with the workflow setting binaryMode: combined, which n8n 2 has', () => {
	const settings = { binaryMode: 'combined' };
	const isThere = () => stage.api.session.major > 1;

	it.each([
		['_files.data', undefined],
		['={{ $json._files.data }}', undefined],
		["={{ $('Get').first()._files.data }}", DROP],
	])('%s is the file', async (field, jsCode) => {
		if (!isThere()) return;
		await expectSent(await run(field, jsCode, settings));
	});

	it('a field that is not there is refused, and the file is named', async () => {
		if (!isThere()) return;
		const failure = failureOf(await run('data', undefined, settings));
		expect(failure).toContain('Input Binary Field names "data", which is not a file');
		expect(failure).toContain('_files.data');
		expect(stage.kling.count('create')).toBe(0);
	});
});
