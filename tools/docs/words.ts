import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';

/** Words that this project avoids, with what to write in their place. */
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
	[/\bwhat stands (here|there|in)\b/gi, 'what is'],
	[/\bseldom\b/gi, 'rare'],
];

/** n8n says "publish". Its own names for the trigger's fields stay. */
const IN_TEXTS: typeof AVOIDED = [[/\bactivated?\b(?! it\))/gi, 'publish']];

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
/** `npm run bench` writes it. */
const MEASURED = ['docs/benchmarks.md'];

export interface Finding {
	/** `file:line` */
	place: string;
	word: string;
	instead: string;
}

/** Over Markdown, workflow notes, and the texts, names and comments of shipped code. */
export function avoidedWords(): Finding[] {
	return PLACES.flatMap(filesIn)
		.filter((file) => !MEASURED.includes(file))
		.flatMap(findIn);
}

/** Of a Markdown text, code included; what has no letter or digit is no word. */
export function countWords(text: string): number {
	return text.split(/\s+/).filter((part) => /[\p{L}\p{N}]/u.test(part)).length;
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
	const avoided = file.endsWith('.ts') ? AVOIDED : [...AVOIDED, ...IN_TEXTS];
	const lines = readFileSync(file, 'utf8').split('\n');
	return lines.flatMap((line, index) =>
		avoided.flatMap(([word, instead]) =>
			[...asWords(line).matchAll(word)].map(([found]) => ({
				place: `${file}:${index + 1}`,
				word: found.toLowerCase(),
				instead,
			})),
		),
	);
}
