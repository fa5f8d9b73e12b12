import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';

/** `npm run docs:check`: words that CONTRIBUTING asks to avoid, in all that users and readers of the source see. */

/** With what to write in its place. */
const AVOIDED: Array<[word: RegExp, instead: string]> = [
	[/\bpictures?\b/gi, 'image'],
	[/\bmend(s|ed|ing)?\b/gi, 'fix'],
	[/\banew\b/gi, 'again'],
	[/\b(puts?|putting) out\b/gi, 'output'],
	[/\blately\b/gi, 'recently'],
	[/\btold\b/gi, 'say what is meant'],
	[/\blook(s|ed|ing)? at\b/gi, 'check, read'],
	[/\ball the same\b/gi, 'still'],
	[/\bbehind\b/gi, 'after'],
];

const PLACES = [
	'README.md',
	'CONTRIBUTING.md',
	'SECURITY.md',
	'CHANGELOG.md',
	'docs',
	'nodes',
	'credentials',
];
const TEXTS = ['.md', '.ts', '.json'];

interface Finding {
	place: string;
	word: string;
	instead: string;
}

function filesIn(path: string): string[] {
	if (!statSync(path).isDirectory()) return TEXTS.includes(extname(path)) ? [path] : [];
	return readdirSync(path).flatMap((name) => filesIn(join(path, name)));
}

/** Identifiers count word by word: `pictureUrl` holds "picture". */
function asWords(text: string): string {
	return text.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/_/g, ' ');
}

function findIn(file: string): Finding[] {
	const lines = readFileSync(file, 'utf8').split('\n');
	return lines.flatMap((line, index) =>
		AVOIDED.flatMap(([word, instead]) =>
			[...asWords(line).matchAll(word)].map(([found]) => ({
				place: `${file}:${index + 1}`,
				word: found.toLowerCase(),
				instead,
			})),
		),
	);
}

const findings = PLACES.flatMap(filesIn).flatMap(findIn);
for (const { place, word, instead } of findings) console.log(`${place}: "${word}" (${instead})`);

const counts = new Map<string, number>();
for (const { word } of findings) counts.set(word, (counts.get(word) ?? 0) + 1);
const list = [...counts].sort(([, one], [, other]) => other - one);
console.log(
	`\n${findings.length} avoided words${list.map(([word, count]) => `\n${String(count).padStart(5)}  ${word}`).join('')}`,
);
process.exitCode = findings.length === 0 ? 0 : 1;
