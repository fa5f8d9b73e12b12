const base = require('./jest.config.js');
const mainPath = require('./main.js');

process.env.E2E_N8N_VERSION ||= '1.123.81';

/** The main path, on the last n8n of version 1. @type {import('jest').Config} */
module.exports = { ...base, testMatch: mainPath };
