/** Packages that ship ES modules only; everything else in node_modules loads as it is. */
const esModulePackages = ['jose'];

/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	testMatch: ['**/test/unit/**/*.test.ts', '**/test/engine/**/*.test.ts'],
	setupFiles: ['<rootDir>/test/support/engine/environment.ts'],
	// Types are checked by tsc; here the text is only stripped of them.
	transform: {
		'^.+\\.tsx?$': ['ts-jest', { tsconfig: '<rootDir>/test/tsconfig.json', transpilation: true }],
		'^.+\\.m?js$': [
			'ts-jest',
			{ tsconfig: { allowJs: true, module: 'CommonJS', target: 'ES2022' }, transpilation: true },
		],
	},
	transformIgnorePatterns: [
		`/node_modules/(?!(${esModulePackages.join('|')})/)`,
		'/dist/(credentials|nodes)/',
	],
	testTimeout: 120_000,
	// Tests mostly wait, so that two cores serve three of them. CI has no caches, so lint needs a core there.
	maxWorkers: process.env.CI ? 2 : 3,
	// Tests that run side by side mostly wait.
	maxConcurrency: 16,
	// Each test file loads n8n-core anew; a worker that has grown past this is replaced.
	workerIdleMemoryLimit: '1GB',
};
