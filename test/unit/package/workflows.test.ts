import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

import packageJson from '../../../package.json';
import { PACKAGE_FOLDER } from './pack';

interface Step {
	uses?: string;
	run?: string;
	with?: Record<string, unknown>;
}

interface Job {
	permissions?: Record<string, string>;
	steps: Step[];
	needs?: string;
	'timeout-minutes'?: number;
}

interface GitHubWorkflow {
	on: Record<string, unknown>;
	permissions: Record<string, string>;
	jobs: Record<string, Job>;
}

const FOLDER = join(PACKAGE_FOLDER, '.github/workflows');
const names = readdirSync(FOLDER);
const textOf = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
const workflow = (name: string) => parse(textOf(name)) as GitHubWorkflow;
const stepsOf = ({ jobs }: GitHubWorkflow) => Object.values(jobs).flatMap(({ steps }) => steps);
const commandsOf = (job: Job | undefined) => (job?.steps ?? []).map(({ run = '' }) => run);

describe.each(names)('.github/workflows/%s', (name) => {
	it('pins every action by the hash of a commit, and says its version', () => {
		const uses = textOf(name)
			.split('\n')
			.filter((line) => line.includes('uses:'));

		expect(uses).toHaveLength(stepsOf(workflow(name)).filter((step) => step.uses).length);
		for (const line of uses) expect(line).toMatch(/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
	});

	it('gives a token for reading alone, but to the job that publishes', () => {
		const { permissions, jobs } = workflow(name);
		const rights = Object.values(jobs).map((job) => job.permissions ?? permissions);
		const writing = rights.filter((right) => Object.values(right).includes('write'));

		expect(Object.values(permissions)).not.toContain('write');
		for (const right of rights) expect(right.contents).toBe('read');
		expect(writing).toEqual(
			name === 'publish.yml' ? [{ contents: 'read', 'id-token': 'write' }] : [],
		);
	});

	it('leaves no token in the checkout, and ends in time', () => {
		const { jobs } = workflow(name);
		const checkouts = stepsOf(workflow(name)).filter(({ uses }) => uses?.includes('/checkout@'));

		expect(checkouts).toHaveLength(Object.keys(jobs).length);
		for (const step of checkouts) expect(step.with).toEqual({ 'persist-credentials': false });
		for (const job of Object.values(jobs)) expect(job['timeout-minutes']).toBeLessThanOrEqual(60);
	});

	it('runs only what is there', () => {
		const commands = stepsOf(workflow(name)).flatMap(({ run = '' }) => run.split('\n'));
		const scripts = commands.flatMap(
			(command) => /^npm (?:run )?([\w:]+)/.exec(command)?.[1] ?? [],
		);
		// Not install, which may take what the lock file does not name.
		const ofNpm = ['ci', 'publish', 'pack'];

		expect(scripts.filter((script) => !ofNpm.includes(script)).length).toBeGreaterThan(0);
		for (const script of scripts)
			expect([...Object.keys(packageJson.scripts), ...ofNpm]).toContain(script);
		// What it stands for, such as a branch's name, would become part of the command.
		for (const command of commands) expect(command).not.toContain('${{');
	});
});

describe('publishing', () => {
	const { on, jobs } = workflow('publish.yml');

	it('happens at a version tag that says what package.json says', () => {
		expect(on).toEqual({ push: { tags: ['v*'] } });
		expect(commandsOf(jobs.check)).toContain(
			`test "$GITHUB_REF_NAME" = "v$(node -p 'require("./package.json").version')"`,
		);
	});

	it('follows all checks, and carries provenance', () => {
		expect(commandsOf(jobs.check)).toContain('.ci/run');
		expect(jobs.publish?.needs).toBe('check');
		expect(commandsOf(jobs.publish).slice(-2)).toEqual([
			'npm run build',
			'npm publish --provenance --access public',
		]);
	});

	it('carries the address that provenance is checked against', () => {
		expect(packageJson.repository.url).toMatch(/^git\+https:\/\/github\.com\/[\w-]+\/[\w-]+\.git$/);
	});
});
