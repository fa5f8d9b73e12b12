const base = require('../../jest.config.js');

/** One real n8n for all files, so they run one after the other. @type {import('jest').Config} */
module.exports = {
	rootDir: '../..',
	testEnvironment: 'node',
	roots: ['<rootDir>/test/e2e'],
	testMatch: ['**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/', '/e2e/queue/'],
	transform: base.transform,
	transformIgnorePatterns: base.transformIgnorePatterns,
	globalSetup: '<rootDir>/test/e2e/globalSetup.ts',
	globalTeardown: '<rootDir>/test/e2e/globalTeardown.ts',
	testTimeout: 60_000,
	maxWorkers: 1,
};
