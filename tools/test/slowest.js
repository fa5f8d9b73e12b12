const path = require('node:path');

const SHOWN = 10;

/** A reporter of jest: the test files that took longest, with the loading of their modules. */
module.exports = class Slowest {
	onRunComplete(_contexts, { testResults }) {
		const files = testResults
			.map(({ testFilePath, perfStats: { runtime } }) => ({ testFilePath, runtime }))
			.sort((one, other) => other.runtime - one.runtime)
			.slice(0, SHOWN);
		console.error(`\nSlowest test files:`);
		for (const { testFilePath, runtime } of files)
			console.error(
				`${(runtime / 1000).toFixed(1).padStart(7)} s  ${path.relative(process.cwd(), testFilePath)}`,
			);
	}
};
