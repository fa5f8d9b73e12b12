const base = require('../jest.config.js');

/** One n8n in queue mode for all files, whose processes they stop and start. @type {import('jest').Config} */
module.exports = {
	...base,
	rootDir: '../../..',
	roots: ['<rootDir>/test/e2e/queue'],
	testPathIgnorePatterns: ['/node_modules/'],
	testEnvironment: '<rootDir>/test/e2e/queue/environment.ts',
	globalSetup: '<rootDir>/test/e2e/queue/globalSetup.ts',
	globalTeardown: '<rootDir>/test/e2e/queue/globalTeardown.ts',
	testTimeout: 90_000,
};
