import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readReport } from '../../rules/jest-run';
import { loadRules, patch, type Rule } from '../../rules/rule';
import { judge } from '../../rules/run';
import { BUGS } from '../../simulation/planted/bugs';
import { PACKAGE_FOLDER } from './pack';

const RULE = 'It holds';

describe('the rules runner', () => {
	it.each([
		['nowhere', 'other text', 0],
		['twice', 'if (a) if (a)', 2],
	])('calls a patch stale whose text stands %s', (_name, source, count) => {
		expect(() => patch(source, { file: 'a.ts', find: 'if (a)', replace: '' })).toThrow(
			`Stale patch: "if (a)" stands ${count} times in a.ts`,
		);
	});

	it('replaces the text as it stands, dollar signs too', () => {
		expect(patch('x if (a) y', { file: 'a.ts', find: 'if (a)', replace: '$&' })).toBe('x $& y');
	});

	it('is content with a test that goes red', () => {
		expect(judge(RULE, { passed: 3, failed: ['a test'], broken: [] })).toEqual({
			rule: RULE,
			red: ['a test'],
		});
	});

	it.each([
		['a patch that survives', { passed: 3, failed: [], broken: [] }, 'The patch survived'],
		[
			'a patch that breaks the file',
			{ passed: 0, failed: [], broken: ['syntax'] },
			'does not run: syntax',
		],
		['a run without tests', { passed: 0, failed: [], broken: [] }, 'No test ran'],
	])('is not content with %s', (_name, run, problem) => {
		expect(judge(RULE, run).problem).toContain(problem);
	});

	it("reads jest's report", () => {
		const red = {
			name: 'a',
			message: '',
			status: 'failed',
			assertionResults: [{ fullName: 'x', status: 'failed' }],
		};
		const unable = { name: 'b', message: 'SyntaxError', status: 'failed', assertionResults: [] };
		const green = {
			name: 'c',
			message: '',
			status: 'passed',
			assertionResults: [{ fullName: 'y', status: 'passed' }],
		};

		expect(readReport({ testResults: [red, unable, green] })).toEqual({
			passed: 1,
			failed: ['x'],
			broken: ['b: SyntaxError'],
		});
	});

	it('has no rule twice, none that is stale, and none without tests', async () => {
		const rules = await loadRules([]);
		const problems = rules.flatMap((rule) => {
			const missing = rule.tests.filter((test) => !existsSync(join(PACKAGE_FOLDER, test)));
			return [staleness(rule) ?? [], rule.tests.length === 0 ? 'No tests' : [], missing].flat();
		});

		expect(new Set(rules.map(({ rule }) => rule)).size).toBe(rules.length);
		expect(problems).toEqual([]);
	});
});

describe('the bugs that the simulation plants', () => {
	it.each(BUGS)('still fit the source: $name', ({ file, changes }) => {
		const source = readFileSync(join(PACKAGE_FOLDER, file), 'utf8');
		for (const change of changes) expect(() => patch(source, { file, ...change })).not.toThrow();
	});
});

function staleness(rule: Rule): string | undefined {
	try {
		patch(readFileSync(join(PACKAGE_FOLDER, rule.file), 'utf8'), rule);
		return undefined;
	} catch (error) {
		return (error as Error).message;
	}
}
