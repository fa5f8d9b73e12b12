/**
 * Builds images from seeds and compares what the nodes make of them with a real decoder:
 * `npm run test:images`, or `npm run test:images -- 500 7` for 500 images of seed 7.
 */
import { DECODER } from '../kling/decodedSize';
import { buildSamples } from './build';
import { judge, type Tally } from './judge';
import type { Kind } from './sample';

const IMAGES = 3_000;
const MAX_MS = 10;
const MAX_EXAMPLES = 5;

/** A full decode alone shows damage inside the compressed data, so that such images are counted, not promised. */
const NOT_PROMISED: ReadonlySet<Kind> = new Set(['damaged']);

async function main([count = IMAGES, seed = 1]: number[]): Promise<void> {
	const begin = Date.now();
	const tallies = new Map<Kind, Tally>();
	for await (const sample of buildSamples(count, seed)) await judge(sample, tallies);
	console.log(
		`Decoder: libvips by sharp, ${JSON.stringify(DECODER)}; images that were cut off count as bad`,
	);
	console.log(row('', 'images', 'agreed', 'wrongly refused', 'wrongly sent', 'slowest check'));
	for (const [kind, tally] of tallies) console.log(rowOf(kind, tally));
	const all = [...tallies.values()];
	const sum = (of: (tally: Tally) => number) => all.reduce((total, tally) => total + of(tally), 0);
	const slowestMs = Math.max(...all.map((tally) => tally.slowestMs));
	console.log(
		rowOf('all', {
			images: sum(({ images }) => images),
			agreed: sum(({ agreed }) => agreed),
			wronglyRefused: all.flatMap(({ wronglyRefused }) => wronglyRefused),
			wronglySent: all.flatMap(({ wronglySent }) => wronglySent),
			slowestMs,
		}),
	);
	const refused = all.flatMap(({ wronglyRefused }) => wronglyRefused);
	const sent = [...tallies]
		.filter(([kind]) => !NOT_PROMISED.has(kind))
		.flatMap(([, { wronglySent }]) => wronglySent);
	for (const line of refused.slice(0, MAX_EXAMPLES)) console.log(`wrongly refused: ${line}`);
	for (const line of sent.slice(0, MAX_EXAMPLES)) console.log(`wrongly sent: ${line}`);
	console.log(`${((Date.now() - begin) / 1000).toFixed(0)} s`);
	if (refused.length + sent.length > 0 || slowestMs > MAX_MS) process.exitCode = 1;
}

function rowOf(name: string, tally: Tally): string {
	const { images, agreed, wronglyRefused, wronglySent, slowestMs } = tally;
	return row(
		name,
		String(images),
		`${((100 * agreed) / images).toFixed(1)} %`,
		String(wronglyRefused.length),
		String(wronglySent.length),
		`${slowestMs.toFixed(2)} ms`,
	);
}

function row(name: string, ...cells: string[]): string {
	return name.padEnd(24) + cells.map((cell) => cell.padStart(16)).join('');
}

main(process.argv.slice(2).map(Number)).catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
