import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** One rule of behaviour, and the smallest change to the source that breaks it. */
export interface Rule {
	/** What holds, in one sentence. */
	rule: string;
	/** The file that is changed, from the package's folder. */
	file: string;
	/** Stands in the file exactly once. */
	find: string;
	replace: string;
	/** Test files, from the package's folder, of which at least one test must go red. */
	tests: string[];
	/** Runs only the tests whose full name matches, as jest's -t. */
	only?: string;
}

/**
 * All rules of the `*.rules.ts` files beside this one, each of which exports `rules: Rule[]`; with words
 * given, those whose sentence, file or list (`create` for create.rules.ts) has one of them.
 */
export async function loadRules(words: string[]): Promise<Rule[]> {
	const lists = readdirSync(__dirname).filter((name) => name.endsWith('.rules.ts'));
	const loaded = await Promise.all(
		lists.map(async (list) => {
			const { rules } = (await import(join(__dirname, list))) as { rules: Rule[] };
			return rules.map((rule) => ({
				rule,
				about: [list, rule.rule, rule.file].join('\n').toLowerCase(),
			}));
		}),
	);
	return loaded
		.flat()
		.filter(
			({ about }) => words.length === 0 || words.some((word) => about.includes(word.toLowerCase())),
		)
		.map(({ rule }) => rule);
}

/** Throws when the text to replace is not there exactly once: the source has moved on, the rule has not. */
export function patch(
	source: string,
	{ file, find, replace }: Pick<Rule, 'file' | 'find' | 'replace'>,
): string {
	const count = source.split(find).length - 1;
	if (count !== 1)
		throw new Error(`Stale patch: ${JSON.stringify(find)} stands ${count} times in ${file}`);
	if (find === replace) throw new Error(`Stale patch: it changes nothing in ${file}`);
	return source.replace(find, () => replace);
}
