import { cpSync, mkdtempSync, rmSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runGate, type GateReport } from '../../support/gate';
import { PACKAGE_FOLDER, packPackage, type PackedPackage } from './pack';

/** ESLint with n8n's plugins takes seconds to start. */
const TIMEOUT_MS = 120_000;

describe("n8n's verification gate", () => {
	let packed: PackedPackage;
	const copy = mkdtempSync(join(tmpdir(), 'kling-gate-'));

	beforeAll(async () => {
		packed = await packPackage();
	}, TIMEOUT_MS);
	afterAll(() => {
		packed.remove();
		rmSync(copy, { recursive: true, force: true });
	});

	const expectPassed = ({ details, files, warnings }: GateReport) => {
		if (warnings.length > 0) console.log(`The gate warns, and passes:\n${warnings.join('\n')}`);
		expect(details).toBe('');
		expect(files).toBeGreaterThan(3);
	};

	it(
		'passes the source',
		async () => {
			expectPassed(await runGate(PACKAGE_FOLDER, 'source'));
		},
		TIMEOUT_MS,
	);

	it(
		'passes the packed tarball',
		async () => {
			expectPassed(await runGate(packed.folder, 'tarball'));
		},
		TIMEOUT_MS,
	);

	it.each([
		['source', 'credentials/KlingApi.credentials.ts', 'no-restricted-globals'],
		['tarball', 'dist/credentials/KlingApi.credentials.js', 'no-restricted-globals'],
	] as const)(
		'refuses a %s with a timer',
		async (leg, file, rule) => {
			const folder = join(copy, leg);
			const original = leg === 'source' ? PACKAGE_FOLDER : packed.folder;
			for (const part of ['package.json', file]) cpSync(join(original, part), join(folder, part));
			appendFileSync(join(folder, file), '\nsetTimeout(() => undefined, 1);\n');
			const { passed, details } = await runGate(folder, leg);

			expect(passed).toBe(false);
			expect(details).toContain(rule);
		},
		TIMEOUT_MS,
	);
});
