import type { Locator, Page } from 'playwright-core';

import type { Film } from './film';

const NODE = 'Kling AI Multi-Shot';
const ACTION = 'Create a task';
/** For the eye to follow. */
const SHORT_MS = 500;
const LONG_MS = 1_200;
const LAST_MS = 3_000;

export interface Scene {
	page: Page;
	film: Film;
	/** Of n8n. */
	baseUrl: string;
	/** That the local Kling knows. */
	imageUrl: string;
}

/** A new workflow with the trigger that a click starts. */
export async function addTrigger(scene: Scene): Promise<void> {
	const { page, film, baseUrl } = scene;
	await page.goto(`${baseUrl}/workflow/new`);
	await page.getByTestId('node-creator-plus-button').waitFor();
	await film.shoot(SHORT_MS);
	await page.getByTestId('node-creator-plus-button').click();
	await page.getByTestId('node-creator-search-bar').fill('Manual Trigger');
	await page.getByTestId('node-creator-item-name').first().click();
	await page.getByTestId('canvas-node').first().waitFor();
	await film.shoot(SHORT_MS);
}

/** Finds the node by "kling" and chooses its action. Gives the node's panel. */
export async function addNode({ page, film }: Scene): Promise<Locator> {
	await page.getByTestId('node-creator-plus-button').click();
	const search = page.getByTestId('node-creator-search-bar');
	await search.fill('kling');
	const found = page.getByTestId('node-creator-item-name').getByText(NODE, { exact: true });
	await found.waitFor();
	await point(found);
	await film.shoot(LONG_MS);
	await found.click();
	const action = page.getByTestId('node-creator').getByText(ACTION);
	await point(action);
	await film.shoot(LONG_MS);
	await action.click();
	const panel = page.getByTestId('ndv').first();
	await panel.waitFor();
	await film.shoot(LONG_MS);
	return panel;
}

/** n8n chooses the only credential by itself; the URL is pasted. */
export async function pasteUrl({ page, film, imageUrl }: Scene, panel: Locator): Promise<void> {
	const field = panel.getByTestId('parameter-input-imageUrl').locator('input, textarea').first();
	await point(field);
	await field.click();
	await page.keyboard.insertText(imageUrl);
	await film.shoot(LONG_MS);
}

/** Executes the step, waits for the nine images and shows one. */
export async function execute({ page, film }: Scene, panel: Locator): Promise<void> {
	const button = panel.getByTestId('node-execute-button');
	await point(button);
	await film.shoot(SHORT_MS);
	await button.click();
	const binary = panel.getByTestId('radio-button-binary');
	await film.shootDuring(binary.waitFor(), 700, 250);
	await binary.click();
	const views = panel.getByTestId('ndv-view-binary-data');
	await views.nth(8).waitFor();
	await film.shoot(LONG_MS);
	await views.first().click();
	const image = panel.locator('img[src*="binary-data"]');
	await image.waitFor();
	await page.waitForLoadState('networkidle');
	await film.shoot(LAST_MS);
}

async function point(target: Locator): Promise<void> {
	await target.waitFor();
	await target.hover();
}
