import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { readExample } from '../support/n8n';
import { useEditorStage } from './editorStage';

const IMAGE = resolve(__dirname, '../../docs/images/product-front.png');
const NODE = 'Kling AI Multi-Shot';

const given = useEditorStage();

/** What the node panel finds. */
async function search(text: string): Promise<string[]> {
	const { page } = given.editor;
	await page.getByTestId('node-creator-search-bar').fill(text);
	const names = page.getByTestId('node-creator-item-name');
	await names.getByText(text).first().waitFor();
	return await names.allInnerTexts();
}

/** The node panel shows a node for words that need not be in its name. */
async function expectFound(words: string, name: string): Promise<void> {
	const { page } = given.editor;
	await page.getByTestId('node-creator-search-bar').fill(words);
	const found = page.getByTestId('node-creator-item-name').getByText(name, { exact: true });
	await found.first().waitFor();
}

it('both nodes stand under one entry; a task is picked from the list, and its images are seen', async () => {
	const { page, open, choose, shoot } = given.editor;
	const { kling, api, credentialData } = given.stage;
	const { name } = await api.createCredential('Kling, picked by hand', 'klingApi', credentialData);
	const { task_id } = kling.createTask({
		external_task_id: 'order-1042',
		frontImage: await readFile(IMAGE),
	});
	await kling.move(task_id, 'succeed');

	await open('/workflow/new');
	await page.getByTestId('node-creator-plus-button').click();
	// As the first step, where the trigger is looked for.
	expect(await search(NODE)).toEqual([NODE]);
	for (const words of ['kling', 'multi view', 'image']) await expectFound(words, NODE);
	await search('Manual Trigger');
	await page.getByTestId('node-creator-item-name').first().click();
	await page.getByTestId('canvas-node').first().waitFor();
	await page.getByTestId('node-creator-plus-button').click();
	expect(await search(NODE)).toEqual([NODE]);
	await page.getByTestId('node-creator-item-name').click();
	const creator = page.getByTestId('node-creator');
	await creator.getByText('Triggers (1)').waitFor();
	await creator.getByText('Actions (4)').waitFor();
	await shoot('node-panel', 700);

	await creator.getByText('Get a task').click();
	const panel = page.getByTestId('ndv');
	await panel.getByTestId('node-credentials-select').click();
	await choose(name);
	const task = panel.getByTestId('parameter-item').filter({ hasText: /^Task/ });
	await task.getByTestId('radio-button-fixed').click();
	await panel.getByTestId('rlc-mode-selector').click();
	await choose(/^From list$/i);
	await panel.getByTestId('rlc-input').click();
	const found = page.getByTestId('rlc-item').filter({ hasText: 'order-1042' });
	await found.waitFor();
	await shoot('panel-from-list', 700);
	await found.click();

	await panel.getByTestId('node-execute-button').click();
	await panel.getByTestId('radio-button-binary').click();
	const view = panel.getByTestId('ndv-view-binary-data');
	await view.first().waitFor();
	expect(await view.count()).toBe(9);
	await shoot('output-images');
	await view.first().click();
	const image = panel.locator('img[src*="binary-data"]');
	await image.waitFor();
	expect(await image.evaluate((shown: { naturalWidth?: number }) => shown.naturalWidth)).toBe(512);
	await shoot('output-image');
	expect(kling.count('create')).toBe(0);
}, 240_000);

it('what to do if an External Task ID exists is asked once there is one', async () => {
	const { openWorkflow, openPanel, page, choose } = given.editor;
	const { id } = await given.stage.put(await readExample('image-url-to-files'));
	await openWorkflow(id);
	const panel = await openPanel(NODE);
	const addOption = panel.getByTestId('collection-parameter-add');
	const offered = page.getByRole('option').filter({ visible: true });
	const asked = offered.filter({ hasText: 'If External ID Exists' });
	await addOption.click();
	await offered.first().waitFor();
	expect(await asked.count()).toBe(0);
	await choose('External Task ID');
	await panel.getByTestId('parameter-input-externalTaskId').locator('input').fill('order-1042');
	// A tip covers the button as long as the field is in focus.
	await page.keyboard.press('Tab');
	await addOption.click();
	await asked.waitFor();
}, 120_000);
