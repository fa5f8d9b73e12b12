import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { PRODUCT_URL } from '../test/kling';
import { CREDENTIAL_TYPE } from '../test/support/n8n';
import { logIn, openBrowser, openPage } from './browser';
import { makeFilm } from './animation/film';
import { addNode, addTrigger, execute, pasteUrl } from './animation/steps';
import { runToEnding, type Ending } from './demo/ending';
import { openN8n } from './demo/n8n';
import { localKling } from './demo/target';

const ANIMATION = join(__dirname, '../docs/images/demo.webp');

/** `npm run animation`: films one node from the empty canvas to nine images, in a real n8n. */
async function main(ending: Ending): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'kling-multi-shot-animation-'));
	ending.add(async () => await rm(folder, { recursive: true, force: true }));
	const { api, baseUrl, owner } = await openN8n(folder, ending);
	const target = await localKling();
	ending.add(target.close);
	await api.createCredential(target.credentialName, CREDENTIAL_TYPE, target.credential);

	const browser = await openBrowser();
	ending.add(async () => await browser.close());
	const page = await openPage(browser);
	const style = '.el-notification { display: none }';
	const film = await makeFilm(
		join(folder, 'frames'),
		async () => await page.screenshot({ type: 'png', style }),
	);
	const scene = { page, film, baseUrl, imageUrl: PRODUCT_URL };
	await logIn(page, baseUrl, owner);
	await addTrigger(scene);
	const panel = await addNode(scene);
	await pasteUrl(scene, panel);
	await execute(scene, panel);
	const bytes = await film.save(ANIMATION);
	console.log(`docs/images/demo.webp  ${Math.ceil(bytes / 1024)} kB`);
}

void runToEnding(main);
