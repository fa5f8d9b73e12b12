/**
 * Breaks the rules of behaviour one by one and wants a test to go red each time:
 * `npm run test:rules`, or `npm run test:rules -- retry create` for the rules that speak of these.
 */
import { availableParallelism } from 'node:os';

import { runJest, type JestRun } from './jest-run';
import { loadRules, type Rule } from './rule';
import { makeWorkspaces, whileBroken } from './workspace';

export interface Verdict {
	rule: string;
	/** The tests that went red; empty with a problem. */
	red: string[];
	problem?: string;
}

async function main(words: string[]): Promise<void> {
	const rules = await loadRules(words);
	if (rules.length === 0) throw new Error(`No rule speaks of ${words.join(', ')}`);
	const { folders, remove } = makeWorkspaces(Math.min(2, availableParallelism()));
	process.once('SIGINT', () => {
		remove();
		process.exit(130);
	});
	try {
		await requireGreen(folders[0] ?? '', rules);
		const verdicts = await Promise.all(workers(folders, [...rules.entries()]));
		print(
			verdicts
				.flat()
				.sort(([a], [b]) => a - b)
				.map(([, verdict]) => verdict),
		);
	} finally {
		remove();
	}
}

async function requireGreen(folder: string, rules: Rule[]): Promise<void> {
	const tests = [...new Set(rules.flatMap((rule) => rule.tests))];
	const { broken, failed, passed } = await runJest(folder, tests, { workers: 2 });
	console.log(`Without a patch: ${passed} tests green in ${tests.length} files`);
	if (failed.length + broken.length > 0)
		throw new Error(`Red without a patch:\n${[...failed, ...broken].join('\n')}`);
}

/** Each folder takes the next rule that nobody has taken. */
function workers(
	folders: string[],
	queue: Array<[number, Rule]>,
): Array<Promise<Array<[number, Verdict]>>> {
	return folders.map(async (folder) => {
		const verdicts: Array<[number, Verdict]> = [];
		for (let next = queue.shift(); next; next = queue.shift()) {
			const [index, rule] = next;
			verdicts.push([index, await judgeRule(folder, rule)]);
			process.stdout.write('.');
		}
		return verdicts;
	});
}

async function judgeRule(folder: string, rule: Rule): Promise<Verdict> {
	try {
		return judge(
			rule.rule,
			await whileBroken(folder, rule, async () => await runJest(folder, rule.tests, rule)),
		);
	} catch (error) {
		return { rule: rule.rule, red: [], problem: (error as Error).message };
	}
}

/** A file that cannot even be loaded proves nothing about the rule. */
export function judge(rule: string, { broken, failed, passed }: JestRun): Verdict {
	if (broken.length > 0)
		return { rule, red: [], problem: `The patched source does not run: ${broken.join('\n')}` };
	if (failed.length > 0) return { rule, red: failed };
	return {
		rule,
		red: [],
		problem: passed === 0 ? 'No test ran' : 'The patch survived: all tests stayed green',
	};
}

function print(verdicts: Verdict[]): void {
	console.log('\n');
	for (const { problem, red, rule } of verdicts) {
		const [first, ...more] = red;
		console.log(`${problem === undefined ? 'ok  ' : 'FAIL'} ${rule}`);
		console.log(
			`     → ${problem ?? `${first}${more.length > 0 ? ` (and ${more.length} more)` : ''}`}`,
		);
	}
	const failed = verdicts.filter(({ problem }) => problem !== undefined).length;
	console.log(`\n${verdicts.length - failed} passed, ${failed} failed`);
	if (failed > 0) process.exitCode = 1;
}

if (require.main === module) {
	main(process.argv.slice(2)).catch((error: unknown) => {
		console.error((error as Error).message);
		process.exitCode = 1;
	});
}
