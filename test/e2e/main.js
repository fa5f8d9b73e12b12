/** The main path: what every version of n8n has to pass. */
module.exports = [
	'package',
	'credential',
	'operations',
	'binaryFile',
	'payOnce',
	'polling',
	'failures',
	'pause',
	'trigger',
	'examples',
].map((file) => `**/${file}.test.ts`);
