const base = require('./jest.config.js');

process.env.E2E_N8N_VERSION ||= '1.123.81';

/** The main path, on the last n8n of version 1. */
const FILES = [
	'package',
	'credential',
	'operations',
	'payOnce',
	'polling',
	'failures',
	'pause',
	'trigger',
	'examples',
];

/** @type {import('jest').Config} */
module.exports = { ...base, testMatch: FILES.map((file) => `**/${file}.test.ts`) };
