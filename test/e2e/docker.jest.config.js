const base = require('./jest.config.js');
const mainPath = require('./main.js');

process.env.E2E_N8N_VERSION ||= '3.0.0';

/** The main path, on the n8n that runs at `E2E_N8N_URL`. @type {import('jest').Config} */
module.exports = { ...base, testMatch: mainPath };
