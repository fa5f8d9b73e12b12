import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { readProductImage, startKling } from '../test/kling';
import { CREDENTIAL_TYPE, withCredential, type StoredCredential } from '../test/support/n8n';
import { logIn, openBrowser, openPage } from './browser';
import { record } from './checklist/recording';
import { install, runAndShow, showTrigger, testCredential } from './checklist/scenes';
import { openStand } from './checklist/stand';
import { eachOperation, triggered } from './checklist/workflows';
import { runToEnding, type Ending } from './demo/ending';

const VIDEO = resolve(__dirname, '../n8n-nodes-kling-multi-shot.mp4');
const LONGEST_S = 5 * 60;
const WEBHOOK_ID = 'checklist';

/** `npm run video`: n8n's checklist for verification in one take, in a real n8n. */
async function main(ending: Ending): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'kling-multi-shot-video-'));
	ending.add(async () => await rm(folder, { recursive: true, force: true }));
	const { api, baseUrl, owner } = await openStand(folder, ending);
	const kling = await startKling({ mode: 'auto', durationMs: [3_000, 5_000], slots: 5 });
	ending.add(async () => await kling.close());

	const browser = await openBrowser();
	ending.add(async () => await browser.close());
	const page = await openPage(browser);
	const scene = { page, api, baseUrl, kling };
	await logIn(page, baseUrl, owner);
	const frames = join(folder, 'frames');
	const recording = await record(frames, async () => await page.screenshot({ type: 'png' }));
	await install(scene);
	await testCredential(scene);

	const all = await api.session.request<StoredCredential[]>('GET', '/rest/credentials');
	const credential = all.find(({ type }) => type === CREDENTIAL_TYPE);
	if (!credential) throw new Error('The credential was not saved');
	const imageUrl = kling.serve('product-front.png', readProductImage());
	const operations = withCredential(eachOperation(imageUrl), credential);
	const shown = operations.nodes.slice(1).map(({ name }) => name);
	await runAndShow(scene, (await api.createWorkflow(operations)).id, shown);
	const active = await api.createWorkflow(withCredential(triggered(WEBHOOK_ID), credential));
	await api.activate(active);
	await showTrigger(scene, active.id, `${baseUrl}/webhook/${WEBHOOK_ID}/kling-ai-multi-shot`);

	const seconds = await recording.save(VIDEO);
	console.log(`${VIDEO}  ${Math.round(seconds)} s`);
	if (seconds > LONGEST_S) throw new Error(`n8n wants less than ${LONGEST_S} s`);
}

void runToEnding(main);
