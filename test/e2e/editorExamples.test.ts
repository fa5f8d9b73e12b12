import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import {
	EXAMPLES,
	readExample,
	textOfExample,
	withCredential,
	withParameters,
	type WorkflowNode,
} from '../support/n8n';
import { useEditorStage } from './editorStage';

const IMAGE = resolve(__dirname, '../../docs/images/product-front.png');

const given = useEditorStage();

/** Nothing on the canvas says that a node is unknown or lacks something. */
async function expectNoIssues(): Promise<void> {
	expect(await given.editor.page.getByTestId('node-issues').count()).toBe(0);
}

it('image-url-to-files is run by its button', async () => {
	const { page, openWorkflow, openPanel, shoot } = given.editor;
	const { kling, put } = given.stage;
	const imageUrl = kling.serve('product.png', await readFile(IMAGE));
	const example = await readExample('image-url-to-files');
	const { id } = await put(withParameters(example, 'Kling AI Multi-Shot', { imageUrl }));
	await openWorkflow(id);
	await page.getByTestId('execute-workflow-button').first().click();
	await kling.until(() => kling.tasks.length === 1, 60_000);
	await kling.move(kling.tasks[0]?.task_id ?? '', 'succeed');
	await page.getByText('Workflow executed successfully').first().waitFor();
	await expectNoIssues();
	await shoot('example-image-url-to-files');
	const panel = await openPanel('Kling AI Multi-Shot');
	await panel.getByText('Wait for Completion').waitFor();
	await shoot('panel-create');
	expect(kling.counters.tasksCharged).toBe(1);
}, 180_000);

it.each(EXAMPLES)('%s is pasted, with all its nodes and notes', async (name) => {
	const { open, page, paste } = given.editor;
	const { nodes } = await readExample(name);
	const isNote = ({ type }: WorkflowNode) => type === 'n8n-nodes-base.stickyNote';
	const notes = nodes.filter(isNote);
	const names = nodes.filter((one) => !isNote(one)).map((one) => one.name);
	await open('/workflow/new');
	await paste(await textOfExample(name));
	const onCanvas = page.getByTestId('canvas-node');
	await onCanvas.nth(names.length - 1).waitFor();
	const found = (await onCanvas.all()).map(async (one) => await one.getAttribute('data-node-name'));
	expect((await Promise.all(found)).sort()).toEqual(names.sort());
	await page
		.getByTestId('sticky')
		.nth(notes.length - 1)
		.waitFor();
	expect(await page.getByTestId('sticky').count()).toBe(notes.length);
});

it.each(EXAMPLES.filter((name) => name !== 'image-url-to-files'))(
	'%s opens without a complaint',
	async (name) => {
		const { openWorkflow, openPanel, page, shoot } = given.editor;
		const { api, put } = given.stage;
		const model = await api.createCredential('Model', 'openAiApi', { apiKey: 'none' });
		const { id } = await put(withCredential(await readExample(name), model));
		await openWorkflow(id);
		await expectNoIssues();
		await shoot(`example-${name}`);
		if (name !== 'callback-to-files') return;
		const panel = await openPanel('Kling AI Multi-Shot Trigger');
		await panel.getByText('Webhook URLs', { exact: true }).click();
		await page.getByText('/kling-ai-multi-shot').first().waitFor();
		await shoot('panel-trigger', 1_060);
	},
	120_000,
);
