import { useStage } from './stage';

const stage = useStage();

const tried = async (changes: Record<string, string> = {}) =>
	await stage.api.testCredential(stage.credential, { ...stage.credentialData, ...changes });

it('Access Key and Secret Key are accepted by the free List call', async () => {
	expect((await tried()).status).toBe('OK');
	expect(stage.kling.requests.map(({ operation }) => operation)).toEqual(['list']);
});

it('an API Key is accepted', async () => {
	const answer = await tried({ authentication: 'apiKey', apiKey: stage.kling.apiKey });
	expect(answer.status).toBe('OK');
});

it.each([
	['a wrong Access Key', { accessKey: 'ak_of_another_account' }],
	['a wrong Secret Key', { secretKey: 'sk_of_another_account' }],
	['a wrong API Key', { authentication: 'apiKey', apiKey: 'api-key-of-another-account' }],
])('%s is refused, with advice and without the key', async (_case, changes) => {
	const { status, message } = await tried(changes);
	expect(status).toBe('Error');
	expect(message).toMatch(/region|keys/i);
	for (const key of Object.values(changes)) expect(message).not.toContain(key);
});

it('keys of the other region are refused', async () => {
	stage.kling.switches.wrongRegion = true;
	const { status, message } = await tried();
	stage.kling.switches.wrongRegion = false;
	expect(status).toBe('Error');
	expect(message).toMatch(/region/i);
});

it.each([
	['an HTML page', { kind: 'html', status: 200 }, /Base URL/],
	['{}', { kind: 'empty' }, /Base URL/],
	[
		'HTTP 200 with the code for arrears',
		{ kind: 'error', code: 1101, status: 200 },
		/1101.*recharge/i,
	],
	['HTTP 200 with a code that nobody knows', { kind: 'error', code: 4711, status: 200 }, /Kling/],
] as const)('%s instead of a list fails the test', async (_case, fault, advice) => {
	stage.kling.fault({ on: 'list', ...fault });
	const { status, message } = await tried();
	expect(status).toBe('Error');
	expect(message).toMatch(advice);
});

it('an address where nobody answers fails the test', async () => {
	const { status } = await tried({ baseUrl: 'http://127.0.0.1:9' });
	expect(status).toBe('Error');
});
