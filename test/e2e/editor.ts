import { existsSync } from 'node:fs';
import { chromium, selectors, type Browser, type Page } from 'playwright-core';

import type { Owner } from '../support/n8n';

const WIDTH = 1440;
const HEIGHT = 900;
/** Without these Chromium looks for Google's hosts. */
const QUIET = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/** n8n's editor in a browser, as a person uses it. */
export interface Editor {
	page: Page;
	openWorkflow: (id: string) => Promise<void>;
	/** Runs the open workflow by its button and waits for the end. */
	execute: () => Promise<void>;
	openPanel: (nodeName: string) => Promise<void>;
	closePanel: () => Promise<void>;
	openCredential: (id: string) => Promise<void>;
	close: () => Promise<void>;
}

async function launch(): Promise<Browser> {
	const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
	if (!existsSync(executablePath)) {
		throw new Error(
			`No Chromium at ${executablePath}: install Debian's package chromium, or set CHROMIUM_PATH`,
		);
	}
	return await chromium.launch({ executablePath, args: QUIET });
}

async function logIn(page: Page, baseUrl: string, owner: Owner): Promise<void> {
	await page.goto(`${baseUrl}/signin`);
	await page.locator('input[name="emailOrLdapLoginId"]').fill(owner.email);
	await page.locator('input[name="password"]').fill(owner.password);
	await page.getByTestId('form-submit-button').click();
	await page.waitForURL(/\/home\//);
}

export async function openEditor(baseUrl: string, owner: Owner): Promise<Editor> {
	const browser = await launch();
	selectors.setTestIdAttribute('data-test-id');
	const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT } });
	await logIn(page, baseUrl, owner);
	return {
		page,
		async openWorkflow(id) {
			await page.goto(`${baseUrl}/workflow/${id}`);
			await page.getByTestId('canvas-node').first().waitFor();
		},
		async execute() {
			await page.getByTestId('execute-workflow-button').first().click();
			await page.getByText('Workflow executed successfully').first().waitFor({ timeout: 60_000 });
		},
		async openPanel(nodeName) {
			await page.locator(`[data-test-id="canvas-node"][data-node-name="${nodeName}"]`).dblclick();
			await page.getByTestId('ndv').first().waitFor();
		},
		async closePanel() {
			await page.keyboard.press('Escape');
			await page.getByTestId('ndv').first().waitFor({ state: 'hidden' });
		},
		async openCredential(id) {
			await page.goto(`${baseUrl}/home/credentials/${id}`);
			await page.getByTestId('editCredential-modal').waitFor();
		},
		close: async () => await browser.close(),
	};
}
