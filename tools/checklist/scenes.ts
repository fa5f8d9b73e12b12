import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';

import type { Kling } from '../../test/kling';
import { failureOf, PACKAGE_NAME, type N8nApi } from '../../test/support/n8n';

/** For the eye to follow. */
const SHOWN_MS = 1_500;

export interface Scene {
	page: Page;
	api: N8nApi;
	/** Of n8n. */
	baseUrl: string;
	kling: Kling;
}

const shown = async (): Promise<void> => await pause(SHOWN_MS);

/** Settings → Community nodes → Install. */
export async function install({ page, baseUrl }: Scene): Promise<void> {
	await page.goto(`${baseUrl}/settings/community-nodes`);
	await page.getByRole('button', { name: 'Install' }).first().click();
	await page.getByTestId('package-name-input').fill(PACKAGE_NAME);
	await page.getByTestId('user-agreement-checkbox').click();
	await shown();
	await page.getByTestId('install-community-package-button').click();
	await page.getByTestId('community-package-card').filter({ hasText: PACKAGE_NAME }).waitFor();
	await shown();
}

/** A credential that is tested when it is saved: once with a wrong key, once with the right one. */
export async function testCredential({ page, baseUrl, kling }: Scene): Promise<void> {
	await page.goto(`${baseUrl}/home/credentials/create`);
	await page.getByTestId('new-credential-type-select').locator('input').fill('kling');
	await page.getByTestId('new-credential-type-select-option').getByText('Kling API').click();
	await page.getByTestId('new-credential-type-button').click();
	const modal = page.getByTestId('editCredential-modal');
	const field = (name: string) => modal.getByTestId(`parameter-input-${name}`);
	await field('region').click();
	await page.getByRole('option').filter({ hasText: 'Custom', visible: true }).first().click();
	await field('baseUrl').locator('input').fill(kling.baseUrl);
	await field('accessKey').locator('input').fill(kling.accessKey);
	for (const [key, text] of [
		['a wrong key', 'More details'],
		[kling.secretKey, 'Connection tested successfully'],
	] as const) {
		await field('secretKey').locator('input').fill(key);
		await modal.getByTestId('credential-save-button').click();
		await modal.getByText(text).waitFor();
		await shown();
	}
}

/** Runs a workflow by its button, and opens each of these nodes to show what it has output. */
export async function runAndShow(scene: Scene, id: string, nodes: string[]): Promise<void> {
	const { page, api, baseUrl } = scene;
	await page.goto(`${baseUrl}/workflow/${id}`);
	await page.getByTestId('canvas-node').first().waitFor();
	await shown();
	await page.getByTestId('execute-workflow-button').first().click();
	for (;;) {
		const [execution] = await api.listExecutions(id);
		if (execution?.status === 'success') break;
		if (execution?.status === 'error')
			throw new Error(failureOf(await api.waitUntilFinished(execution.id)));
		await pause(SHOWN_MS);
	}
	await shown();
	for (const name of nodes) {
		await page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`).dblclick();
		await page.getByTestId('ndv').first().waitFor();
		await shown();
		await page.keyboard.press('Escape');
		await page.getByTestId('ndv').first().waitFor({ state: 'hidden' });
	}
}

/** Kling calls the active trigger, and the executions show it. */
export async function showTrigger(scene: Scene, id: string, url: string): Promise<void> {
	const { page, baseUrl, kling, api } = scene;
	await page.goto(`${baseUrl}/workflow/${id}`);
	await page.getByTestId('canvas-node').first().waitFor();
	await shown();
	const { task_id } = kling.createTask({ status: 'succeed' });
	const { status } = await kling.sendCallback(url, { task_id, task_status: 'succeed' });
	if (status !== 200) throw new Error(`The trigger answered ${status}`);
	while ((await api.listExecutions(id))[0]?.status !== 'success') await pause(SHOWN_MS);
	await page.goto(`${baseUrl}/workflow/${id}/executions`);
	await page.getByText('Succeeded in').first().waitFor();
	await shown();
	await shown();
}
