import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

import { drawProductImage, drawView, PRODUCT_IMAGE } from '../test/kling';
import { openBrowser } from './browser';
import { BADGES, renderBadges } from './images/badges';
import { beforeAfterPage, BEFORE_AFTER_SIZE } from './images/beforeAfter';

const BEFORE_AFTER = join(__dirname, '../docs/images/before-after.png');
const VIEW_SIDE_PX = 512;

async function save(path: string, bytes: Buffer): Promise<void> {
	await mkdir(dirname(path), { recursive: true });
	await writeFile(path, bytes);
	console.log(`${relative('.', path)}  ${Math.ceil(bytes.length / 1024)} kB`);
}

/** `npm run images`: draws the images of README and demo, which the repository keeps. */
async function main(): Promise<void> {
	const product = drawProductImage();
	await save(PRODUCT_IMAGE, product);
	await save(BADGES, Buffer.from(renderBadges()));
	const views = Array.from({ length: 9 }, (_, view) => drawView(view, VIEW_SIDE_PX));
	const browser = await openBrowser();
	try {
		const page = await browser.newPage({ viewport: BEFORE_AFTER_SIZE });
		await page.setContent(beforeAfterPage(product, views), { waitUntil: 'load' });
		await save(BEFORE_AFTER, await page.screenshot({ type: 'png' }));
	} finally {
		await browser.close();
	}
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
