import { readFileSync } from 'node:fs';
import { ERRORS_PAGE, renderPage } from './errors/page';
import { avoidedWords, countWords } from './words';

const MAX_README_WORDS = 1_300;

/** `npm run docs:check`: the length of the README, avoided words, and whether docs/errors.md is what the code says. */
async function main(): Promise<void> {
	const words = countWords(readFileSync('README.md', 'utf8'));
	console.log(`README.md: ${words} words, at most ${MAX_README_WORDS}`);

	const findings = avoidedWords();
	for (const { place, word, instead } of findings) console.log(`${place}: "${word}" (${instead})`);
	console.log(`Avoided words: ${findings.length}`);

	const isCurrent = readFileSync(ERRORS_PAGE, 'utf8') === (await renderPage());
	console.log(
		`${ERRORS_PAGE}: ${isCurrent ? 'as the code says' : 'differs from the code, run npm run docs:errors'}`,
	);
	process.exitCode = words <= MAX_README_WORDS && findings.length === 0 && isCurrent ? 0 : 1;
}

void main();
