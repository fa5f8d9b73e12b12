const base = require('../e2e/jest.config.js');

/** What takes too long for each run of CI: settings, updates back and forth. @type {import('jest').Config} */
module.exports = { ...base, roots: ['<rootDir>/test/soak'] };
