import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium, selectors, type Browser, type Locator, type Page } from 'playwright-core';

import { logIn } from '../../tools/browser';
import { place } from './shared';

const WIDTH = 1440;
const HEIGHT = 900;
/** The machine may be busy with other things. */
const PATIENCE_MS = 60_000;
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
const SHOTS = resolve(__dirname, '../../docs/screenshots');
const NO_MESSAGES = '.el-notification { display: none }';
/** Until the editor's movements have come to rest. */
const SETTLED_MS = 800;

/** n8n's editor in a browser, as a person uses it. */
export interface Editor {
	page: Page;
	/** Opens a page of the editor by its path. */
	open: (path: string) => Promise<void>;
	openWorkflow: (id: string) => Promise<void>;
	/** Double-clicks a node. Gives its panel. */
	openPanel: (nodeName: string) => Promise<Locator>;
	/** As by Ctrl+V on the canvas. */
	paste: (text: string) => Promise<void>;
	/** Chooses an entry of the list that is open. */
	choose: (option: string | RegExp) => Promise<void>;
	/** With `SCREENSHOTS` set, renews docs/screenshots/<name>.png. A window that is too low cuts panels off. */
	shoot: (name: string, height?: number) => Promise<void>;
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

async function shoot(page: Page, name: string, height: number): Promise<void> {
	if (!process.env['SCREENSHOTS']) return;
	await mkdir(SHOTS, { recursive: true });
	await page.mouse.move(0, 0);
	await page.setViewportSize({ width: WIDTH, height });
	await pause(SETTLED_MS);
	await page.screenshot({ path: join(SHOTS, `${name}.png`), style: NO_MESSAGES });
	await page.setViewportSize({ width: WIDTH, height: HEIGHT });
}

/** The editor of the n8n that `place()` names, with its owner logged in. */
export async function openEditor(): Promise<Editor> {
	const browser = await launch();
	selectors.setTestIdAttribute('data-test-id');
	const page = await browser.newPage({
		viewport: { width: WIDTH, height: HEIGHT },
		permissions: ['clipboard-read', 'clipboard-write'],
	});
	page.setDefaultTimeout(PATIENCE_MS);
	const { baseUrl, owner } = place();
	await logIn(page, baseUrl, owner);
	const open = async (path: string): Promise<void> => {
		await page.goto(`${place().baseUrl}${path}`);
	};
	return {
		page,
		open,
		async openWorkflow(id) {
			await open(`/workflow/${id}`);
			await page.getByTestId('canvas-node').first().waitFor();
		},
		async openPanel(nodeName) {
			await page.locator(`[data-test-id="canvas-node"][data-node-name="${nodeName}"]`).dblclick();
			const panel = page.getByTestId('ndv').first();
			await panel.waitFor();
			return panel;
		},
		async paste(text) {
			await page.getByTestId('node-creator-plus-button').waitFor();
			await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
			await page.keyboard.press('Control+V');
		},
		async choose(option) {
			await page.getByRole('option').filter({ hasText: option, visible: true }).first().click();
		},
		shoot: async (name, height = HEIGHT) => await shoot(page, name, height),
		close: async () => await browser.close(),
	};
}
