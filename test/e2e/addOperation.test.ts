import { execFile } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { runJest } from '../rules/jest-run';
import { makeWorkspaces, type Workspaces } from '../rules/workspace';
import { startEngine } from '../support/engine';
import { loadBuiltPackage } from '../support/engine/package-types';
import { credentialFor } from '../support/stage';
import { startKling } from '../kling';
import { filesOf, PACKAGE_FOLDER, readDocument } from '../unit/docs/markdown';

/** Types, lint and a build. */
const TIMEOUT_MS = 300_000;
/** The second run on a machine takes a third of the first. */
const CACHED = ['--incremental', '--tsBuildInfoFile', 'node_modules/.cache/tsc/addOperation'];

/** CONTRIBUTING's example of a new operation, worked through in a copy of the package. */
describe("CONTRIBUTING's new operation", () => {
	const files = filesOf(readDocument('CONTRIBUTING.md'));
	const tests = files.map(({ path }) => path).filter((path) => path.endsWith('.test.ts'));
	let copies: Workspaces;
	let folder: string;

	const run = async (tool: string, ...parameters: string[]) =>
		await promisify(execFile)(join('node_modules/.bin', tool), parameters, {
			cwd: folder,
			// n8n's lint plugin must not see NODE_ENV=test.
			env: { ...process.env, NODE_ENV: 'production' },
		});

	beforeAll(() => {
		copies = makeWorkspaces(1);
		folder = copies.folders[0] ?? '';
		for (const name of ['eslint.config.mjs', 'gulpfile.js', '.prettierrc.json', 'tools'])
			cpSync(join(PACKAGE_FOLDER, name), join(folder, name), { recursive: true });
		for (const { path, code } of files) writeFileSync(join(folder, path), code);
	});
	afterAll(() => copies.remove());

	it(
		'has right types, and passes lint and prettier',
		async () => {
			const all = files.map(({ path }) => path);
			await Promise.all([
				run('tsc', ...CACHED, '--noEmit', '-p', 'test/tsconfig.json'),
				run('eslint', '--max-warnings', '0', ...all.filter((path) => !tests.includes(path))),
				run('prettier', '--check', ...all),
			]);
		},
		TIMEOUT_MS,
	);

	it(
		'passes its own test',
		async () => {
			const { passed, failed, broken } = await runJest(folder, tests);
			expect({ passed, failed, broken }).toEqual({ passed: 1, failed: [], broken: [] });
		},
		TIMEOUT_MS,
	);

	it(
		'is built, and works from the build',
		async () => {
			await run('gulp', 'build');
			const kling = await startKling();
			const credentials = { klingApi: credentialFor(kling) };
			const engine = await startEngine({ nodeTypes: await loadBuiltPackage(folder), credentials });
			const { task_id } = kling.createTask();
			const { items, error } = await engine.runNode({
				parameters: { operation: 'status' },
				items: [{ json: { task_id } }],
			});
			engine.stop();
			await kling.close();

			expect(error).toBeUndefined();
			expect(items.map(({ json }) => json)).toEqual([{ task_id, task_status: 'submitted' }]);
		},
		TIMEOUT_MS,
	);
});
