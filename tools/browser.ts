import { chromium, selectors, type Browser, type Page } from 'playwright-core';

import type { Owner } from '../test/support/n8n';

/** Debian's, or another one by `CHROMIUM_PATH`. */
const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const VIEWPORT = { width: 1280, height: 800 };
const PATIENCE_MS = 60_000;
/** Without these Chromium asks Google's hosts. */
const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** A screenshot has no mouse pointer, so the page draws one. */
const POINTER = `addEventListener('DOMContentLoaded', () => {
	const dot = document.createElement('div');
	dot.style.cssText = 'position:fixed;left:-40px;top:-40px;width:22px;height:22px;margin:-11px;border-radius:50%;background:#ff6d5a88;border:2px solid #ff6d5a;z-index:99999;pointer-events:none';
	document.body.append(dot);
	addEventListener('mousemove', ({ clientX, clientY }) => {
		dot.style.left = clientX + 'px';
		dot.style.top = clientY + 'px';
	}, true);
});`;

export async function openBrowser(): Promise<Browser> {
	selectors.setTestIdAttribute('data-test-id');
	return await chromium.launch({
		executablePath: CHROMIUM,
		args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb', ...QUIET],
	});
}

export async function openPage(browser: Browser): Promise<Page> {
	const page = await browser.newPage({ viewport: VIEWPORT });
	page.setDefaultTimeout(PATIENCE_MS);
	await page.addInitScript(POINTER);
	return page;
}

/** Signs in to n8n. @param baseUrl of n8n */
export async function logIn(
	page: Page,
	baseUrl: string,
	{ email, password }: Owner,
): Promise<void> {
	await page.goto(`${baseUrl}/signin`);
	await page.locator('input[name="emailOrLdapLoginId"]').fill(email);
	await page.locator('input[name="password"]').fill(password);
	await page.getByTestId('form-submit-button').click();
	await page.waitForURL(/\/home\//);
}
