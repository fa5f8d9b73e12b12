import { KlingApi } from '../../../../../credentials/KlingApi.credentials';
import { readCredential } from '../../../../../nodes/shared/transport/credential';
import { redactor } from '../../../../../nodes/shared/transport/redact';
import { cpuMsOf } from '../../../../support/cpuTime';
import type { CredentialData } from '../../../../support/engine';
import { WHOLE_TASK } from '../../../../support/parameters';
import { useStage } from '../../../../support/stage';
import { everythingOf, told } from './told';

const SECRET = 'whsec_UsKlJPdGVzdHNlY3JldA==';
const stage = useStage({ mode: 'manual' });

beforeEach(() => {
	stage.kling.reset();
	stage.engine.logs.clear();
});

type Fields = CredentialData[string];
const accessKeys = (): Fields => ({ ...stage.credentials.klingApi, webhookSecret: SECRET });
const apiKey = (): Fields => ({
	...stage.credentials.klingApi,
	authentication: 'apiKey',
	apiKey: stage.kling.apiKey,
});
const tokenOf = async (fields: Fields): Promise<string> => {
	const { headers } = await new KlingApi().authenticate(fields, { url: '/v1/x' });
	return String(headers?.Authorization).replace('Bearer ', '');
};

/** What a server may echo, with the credential that it comes from. */
const echoes: Array<[string, () => Fields, () => Promise<string>]> = [
	['the Secret Key', accessKeys, async () => stage.kling.secretKey],
	['a signed token', accessKeys, async () => await tokenOf(accessKeys())],
	['the Webhook Secret', accessKeys, async () => SECRET],
	['the API key', apiKey, async () => stage.kling.apiKey],
];

describe.each(echoes)('%s that Kling echoes', (_name, fields, secretOf) => {
	const run = async (operation: 'get' | 'list' | 'wait' | 'create') =>
		await stage.engine.runNode({
			parameters: {
				...WHOLE_TASK,
				operation,
				taskId: '867283741759111202',
				imageUrl: 'https://images.example.test/front.png',
				waitForCompletion: false,
			},
			credentials: { klingApi: fields() },
		});

	it.each(['get', 'list', 'wait', 'create'] as const)(
		'shows in no error (%s)',
		async (operation) => {
			const secret = await secretOf();
			const message = `Bad "Authorization: Bearer ${secret}"`;
			stage.kling.fault({ on: 'any', kind: 'error', code: 1103, message, times: Infinity });
			const failed = await run(operation);
			expect(told(failed)).toContain('Bad "Authorization: Bearer [redacted]"');
			expect(everythingOf(failed)).not.toContain(secret);
			expect(stage.engine.logs.text()).not.toContain(secret);
		},
	);

	it('shows in no output', async () => {
		const secret = await secretOf();
		const data = { task_id: '867283741759111202', task_status: 'failed', echo: { secret } };
		stage.kling.fault({ on: 'get', kind: 'body', body: { code: 0, data } });
		const done = await run('get');
		expect(told(done)).toBe('');
		expect(done.items[0]?.json.echo).toEqual({ secret: '[redacted]' });
		expect(everythingOf(done)).not.toContain(secret);
	});
});

describe('a text', () => {
	const fields = {
		authentication: 'accessKey',
		accessKey: 'access-key-1',
		secretKey: 'quote"and\\back',
		webhookSecret: `${SECRET} whsec_c2Vjb25k`,
	};
	const redact = redactor(readCredential(fields));

	it('loses a secret also as JSON writes it, and each time', () => {
		const text = JSON.stringify({ a: fields.secretKey, b: [fields.secretKey] });
		expect(redact(text)).toBe('{"a":"[redacted]","b":["[redacted]"]}');
		expect(redact(fields.secretKey)).toBe('[redacted]');
	});

	it('loses each of several Webhook Secrets', () => {
		expect(redact(fields.webhookSecret)).toBe('[redacted] [redacted]');
	});

	it.each([1, 2, 3, 4, 11, 12, 13, 32])(
		'loses tokens of an access key of %i letters',
		async (length) => {
			const own = { ...fields, accessKey: 'k'.repeat(length) };
			const token = await tokenOf(own);
			expect(redactor(readCredential(own))(`<${token}>`)).toBe('<[redacted]>');
		},
	);

	it('loses tokens wherever they appear', async () => {
		const token = await tokenOf(fields);
		const [header = '', claims = ''] = token.split('.');
		for (const [before, after] of [
			['eyJ', '.'],
			['a_b-', ' '],
			[`${header}.`, '"}'],
			[`${header}.${claims}!`, '='],
		] as const)
			expect(redact(`${before}${token}${after}${token}`)).toBe(
				`${before}[redacted]${after}[redacted]`,
			);
	});

	/** Once each takes several seconds if the time grows with the square of the length. */
	it.each(['eyJ', 'eyJ-', 'eyJeyJa'])(
		'that seems to begin a token again and again takes milliseconds, not seconds: %s',
		(start) => {
			const text = start.repeat(Math.ceil(150_000 / start.length));
			expect(cpuMsOf(() => redact(text))).toBeLessThan(300);
			expect(redact(text)).toBe(text);
		},
	);

	it('keeps tokens of others, and all that is no secret', async () => {
		const token = await tokenOf({ ...fields, accessKey: 'somebody-else' });
		for (const text of [token, fields.accessKey, 'whsec_', 'task 867283741759111202', ''])
			expect(redact(text)).toBe(text);
	});

	it('keeps ordinary words where a secret is too short to be one', () => {
		const short = redactor(readCredential({ authentication: 'apiKey', apiKey: 'task' }));
		expect(short('{"task_id":"1"}')).toBe('{"task_id":"1"}');
	});
});
