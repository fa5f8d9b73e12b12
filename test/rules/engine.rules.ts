import type { Rule } from './rule';

/** The tests' own engine: what it promises about n8n must not hold by chance. */
export const rules: Rule[] = [
	{
		rule: 'The test engine hands an execution that was resumed once to nobody else',
		file: 'test/support/engine/executions.ts',
		find: "if (entry.status !== 'waiting') return false;",
		replace: '',
		tests: ['test/engine/harness/waiting.test.ts'],
	},
	{
		rule: 'The test engine refuses a resume URL without its token',
		file: 'test/support/engine/executions.ts',
		find: "if (!hasToken(data, request)) return refuse(response, 401, 'Invalid token');",
		replace: '',
		tests: ['test/engine/harness/waiting.test.ts'],
	},
	{
		rule: 'The test engine stops a run as n8n does',
		file: 'test/support/engine/execution.ts',
		find: 'running.cancel();',
		replace: '',
		tests: ['test/engine/harness/run.test.ts'],
	},
	{
		rule: "The test engine signs requests with the credential's own code",
		file: 'test/support/engine/credentials.ts',
		find: 'return await authenticate.call(',
		replace: 'return requestOptions as IHttpRequestOptions;\nauthenticate.call(',
		tests: ['test/engine/harness/panel.test.ts'],
	},
];
