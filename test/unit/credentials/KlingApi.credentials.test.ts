import type { ICredentialDataDecryptedObject, IExecuteFunctions, INodeType } from 'n8n-workflow';
import { KlingApi } from '../../../credentials/KlingApi.credentials';
import vector from '../../fixtures/jwt-vector.json';
import { ERROR_CODES, startKling } from '../../kling';
import { startEngine, type Engine } from '../../support/engine';
import { useFastTime } from '../../support/fastTime';
import { useStage } from '../../support/stage';
import { everythingOf, told } from '../nodes/shared/transport/told';
import { ADVICE } from '../nodes/shared/transport/advice';

useFastTime();
const stage = useStage({ mode: 'manual' });

beforeEach(() => {
	stage.kling.reset();
	stage.engine.logs.clear();
});

const KEYS = { authentication: 'accessKey', accessKey: 'ak', secretKey: 'sk' };
const custom = (baseUrl: string) => ({ ...KEYS, region: 'custom', baseUrl });
const good = () => stage.credentials.klingApi as ICredentialDataDecryptedObject;
const testOf = async (change: ICredentialDataDecryptedObject = {}) =>
	await stage.engine.testCredential({ ...good(), ...change });
const list = async (change: ICredentialDataDecryptedObject) =>
	await stage.engine.runNode({
		parameters: { operation: 'list' },
		credentials: { klingApi: { ...good(), ...change } },
	});
const sign = async (credentials: ICredentialDataDecryptedObject, url: string, more = {}) =>
	await new KlingApi().authenticate(credentials, { url, ...more });

describe('the token', () => {
	afterEach(() => jest.restoreAllMocks());

	it('is the documented one for the documented keys and time', async () => {
		jest.spyOn(Date, 'now').mockReturnValue(vector.now * 1000);
		const { accessKey, secretKey } = vector;
		const { headers } = await sign({ accessKey, secretKey, region: 'global' }, '/v1/x');
		expect(headers).toEqual({ Authorization: `Bearer ${vector.token}` });
	});

	it('is whole seconds, at any part of a second', async () => {
		jest.spyOn(Date, 'now').mockReturnValue(vector.now * 1000 + 999);
		const { accessKey, secretKey } = vector;
		const { headers } = await sign({ accessKey, secretKey }, '/v1/x');
		expect(headers).toEqual({ Authorization: `Bearer ${vector.token}` });
	});

	it('is made anew for each request', async () => {
		const now = jest.spyOn(Date, 'now');
		const tokens = [];
		for (const seconds of [vector.now, vector.now + 1]) {
			now.mockReturnValue(seconds * 1000);
			tokens.push((await sign(KEYS, '/v1/x')).headers?.Authorization);
		}
		expect(tokens[0]).not.toBe(tokens[1]);
	});

	it('leaves the given request alone and keeps its headers', async () => {
		const given = { url: '/v1/x', headers: { 'X-Own': 'kept' } };
		const signed = await new KlingApi().authenticate(KEYS, given);
		expect(signed.headers).toMatchObject({ 'X-Own': 'kept' });
		expect(given).toEqual({ url: '/v1/x', headers: { 'X-Own': 'kept' } });
	});
});

describe('the address', () => {
	it.each([
		[{ region: 'global' }, 'https://api-singapore.klingai.com/v1/x'],
		[{ region: 'china' }, 'https://api-beijing.klingai.com/v1/x'],
		// A credential that was stored before the field existed.
		[{}, 'https://api-singapore.klingai.com/v1/x'],
		// A Base URL that was left behind when the region was changed back.
		[{ region: 'china', baseUrl: 'https://other.test' }, 'https://api-beijing.klingai.com/v1/x'],
		[custom('https://kling.example.test'), 'https://kling.example.test/v1/x'],
		[
			custom(' https://kling.example.test:8443/a/kling// '),
			'https://kling.example.test:8443/a/kling/v1/x',
		],
		[custom('https://192.168.1.5'), 'https://192.168.1.5/v1/x'],
		[custom('http://127.0.0.1:8080'), 'http://127.0.0.1:8080/v1/x'],
		[custom('http://localhost:8080/'), 'http://localhost:8080/v1/x'],
		[custom('http://[::1]:8080'), 'http://[::1]:8080/v1/x'],
	])('of %j', async (credentials, expected) => {
		const { url, baseURL } = await sign({ ...KEYS, ...credentials }, '/v1/x');
		expect([url, baseURL]).toEqual([expected, '']);
	});

	it.each([
		['ftp://kling.example.test', /must begin with https:\/\/, not ftp:\/\//],
		['file:///etc/passwd', /must begin with https:\/\/, not file:\/\//],
		['http://kling.example.test', /must begin with https:\/\/: plain http would not protect/],
		['http://192.168.1.5:8080', /must begin with https:\/\/: plain http would not protect/],
		['http://localhost.example.test', /must begin with https:\/\/: plain http would not protect/],
		['https://user:password@kling.example.test', /must not contain a user name or password/],
		['https://user@kling.example.test', /must not contain a user name or password/],
		['https://kling.example.test?key=1', /must not contain a \? or #/],
		['https://kling.example.test/#top', /must not contain a \? or #/],
		['  ', /is empty, and the Region is Custom/],
		['kling.example.test', /is not a URL/],
		['https://', /is not a URL/],
	])('%j is refused with the reason, by the test and by the node', async (baseUrl, reason) => {
		await expect(sign(custom(baseUrl), '/v1/x')).rejects.toThrow(reason);
		const result = await testOf({ region: 'custom', baseUrl });
		expect(result).toEqual({ status: 'Error', message: expect.stringMatching(reason) as string });
		const run = await list({ region: 'custom', baseUrl });
		expect(run.error?.message).toMatch(/^The Base URL of the Kling API credential/);
		expect(run.error?.message).toMatch(reason);
		expect(run.error?.description).toContain('such as https://api-singapore.klingai.com');
		expect(stage.kling.requests).toEqual([]);
	});

	it('an unknown region is refused', async () => {
		expect((await list({ region: 'mars' })).error?.message).toContain('unknown Region: mars');
	});
});

describe('the keys', () => {
	it.each([
		['Access Key', { accessKey: ' ' }],
		['Secret Key', { secretKey: '' }],
		['API Key', { authentication: 'apiKey', apiKey: '\n' }],
	])('a missing %s is named, and nothing is sent', async (name, change) => {
		const message = `The Kling API credential has no ${name}`;
		expect(await testOf(change)).toEqual({ status: 'Error', message });
		expect((await list(change)).error?.message).toBe(message);
		expect(stage.kling.requests).toEqual([]);
	});

	it.each([
		['Access Key', { accessKey: 'two words' }],
		['Secret Key', { secretKey: 'pasted-in two-parts' }],
		['API Key', { authentication: 'apiKey', apiKey: 'ключ' }],
	])('a broken %s is named, its value is not, and nothing is sent', async (name, change) => {
		const run = await list(change);
		expect(told(run)).toMatch(`The ${name} of the Kling API credential contains a space`);
		expect(told(run)).toContain('Copy it again');
		const value = Object.values(change).at(-1) ?? '';
		expect(everythingOf(run)).not.toContain(value);
		expect(stage.kling.requests).toEqual([]);
	});

	it('are trimmed', async () => {
		const { accessKey, secretKey, apiKey } = stage.kling;
		const padded = { accessKey: ` ${accessKey}\n`, secretKey: `\t${secretKey} ` };
		expect(await testOf(padded)).toMatchObject({ status: 'OK' });
		const paddedApiKey = { authentication: 'apiKey', apiKey: ` ${apiKey}\n` };
		expect(await testOf(paddedApiKey)).toMatchObject({ status: 'OK' });
	});
});

describe('the credential test', () => {
	it.each(['accessKey', 'apiKey'])('passes with a good %s, by one free request', async (kind) => {
		const result = await testOf({ authentication: kind, apiKey: stage.kling.apiKey });
		expect(result).toEqual({ status: 'OK', message: 'Connection successful!' });
		expect(stage.kling.requests).toHaveLength(1);
		expect(stage.kling.requests[0]).toMatchObject({
			operation: 'list',
			query: { pageNum: '1', pageSize: '1' },
		});
	});

	const TURNED_DOWN = /Kling says 1000: .*keys of one region do not work in the other/;
	it.each([
		['an unknown access key', () => ({ accessKey: 'x'.repeat(32) }), TURNED_DOWN],
		['a wrong API key', () => ({ authentication: 'apiKey', apiKey: 'wrong' }), TURNED_DOWN],
		[
			'a wrong secret key',
			() => ({ secretKey: 'x'.repeat(32) }),
			/Kling says 1002: .*Check the keys/,
		],
	])('fails with %s', async (_name, change, message) => {
		const result = await testOf(change());
		expect(result).toEqual({ status: 'Error', message: expect.stringMatching(message) as string });
	});

	it('fails with keys of another region', async () => {
		stage.kling.switches.wrongRegion = true;
		expect((await testOf()).message).toMatch(TURNED_DOWN);
	});

	it.each([
		[-60_000, /Kling says 1003: .*clock of n8n's machine: it is fast/],
		[3_600_000, /Kling says 1004: .*clock of n8n's machine: it is slow/],
	])('tells of a clock that is %i ms wrong', async (offset, message) => {
		stage.kling.clockOffsetMs = offset;
		expect(await testOf()).toEqual({
			status: 'Error',
			message: expect.stringMatching(message) as string,
		});
	});

	it('the table of advice is whole', () => {
		expect(Object.keys(ADVICE)).toEqual(Object.keys(ERROR_CODES));
	});

	it.each(Object.keys(ERROR_CODES).map(Number))(
		'code %i fails it with advice, under its own HTTP status and under 200',
		async (code) => {
			for (const status of [ERROR_CODES[code]?.status ?? 0, 200]) {
				stage.kling.fault({ on: 'list', kind: 'error', code, status });
				const { status: outcome, message } = await testOf();
				expect(outcome).toBe('Error');
				expect(message).toMatch(new RegExp(`^Kling says ${code}: `));
				expect(message).toMatch(ADVICE[code] ?? /never/);
			}
		},
	);

	it.each([
		['an HTML page', { kind: 'html', status: 200 }],
		['an HTML page with 502', { kind: 'html' }],
		['{}', { kind: 'empty' }],
		['a JSON array', { kind: 'body', body: [] }],
		['JSON null', { kind: 'body', body: 'null' }],
		['text', { kind: 'body', body: 'hello' }],
		['an empty answer', { kind: 'body', body: '' }],
		['half of the JSON', { kind: 'truncated' }],
		['no data', { kind: 'noData' }],
		['data: null', { kind: 'body', body: { code: 0, data: null } }],
		['a code that nobody knows', { kind: 'error', code: 9999 }],
		['a redirect', { kind: 'redirect', location: '/v1/general/ai-multi-shot' }],
	] as const)('fails on %s', async (_name, fault) => {
		stage.kling.fault({ on: 'list', ...fault });
		const { status, message } = await testOf();
		expect(status).toBe('Error');
		expect(message).toContain("not a list of tasks from Kling's API");
		expect(stage.kling.requests).toHaveLength(1);
	});

	it('fails where nobody listens', async () => {
		const other = await startKling();
		await other.close();
		expect(await testOf({ baseUrl: other.baseUrl })).toMatchObject({ status: 'Error' });
	});
});

describe('the Authorization header goes nowhere else', () => {
	const refusal = /signs requests to kling\.example\.test only, not to /;
	const credential = custom('https://kling.example.test');

	it.each([
		['another host', { url: 'https://evil.example.test/v1/x' }],
		['another port', { url: 'https://kling.example.test:8443/v1/x' }],
		['plain http', { url: 'http://kling.example.test/v1/x' }],
		['a name before the host', { url: 'https://kling.example.test@evil.example.test/' }],
		['a name behind the host', { url: '.evil.example.test/v1/x' }],
		['an @ behind the host', { url: '@evil.example.test/v1/x' }],
		['another base URL', { url: '/v1/x', baseURL: 'https://evil.example.test' }],
		['no URL at all', { url: 'https://' }],
		['the older option uri', { url: '', uri: 'https://evil.example.test/v1/x' }],
		[
			'uri beside a good url',
			{ url: 'https://kling.example.test', uri: 'https://evil.example.test' },
		],
	])('not to %s', async (_name, request) => {
		await expect(new KlingApi().authenticate(credential, request)).rejects.toThrow(refusal);
	});

	it.each([
		[{ url: '/v1/x' }, { url: 'https://kling.example.test/v1/x' }],
		[{ url: 'https://kling.example.test/v1/x' }, { url: 'https://kling.example.test/v1/x' }],
		[
			{ url: '/v1/x', baseURL: 'https://kling.example.test' },
			{ url: 'https://kling.example.test/v1/x' },
		],
		[
			{ url: '', uri: '/v1/x' },
			{ url: 'https://kling.example.test/v1/x', uri: 'https://kling.example.test/v1/x' },
		],
	])('to its own host: %j', async (request, expected) => {
		const signed = await new KlingApi().authenticate(credential, request);
		expect(signed).toMatchObject(expected);
		expect(signed.headers).toHaveProperty('Authorization');
	});
});

/** Calls that users make with this credential by n8n's HTTP Request node and by other nodes. */
describe('in requests of other nodes', () => {
	let engine: Engine;

	const probe: INodeType = {
		description: {
			displayName: 'Probe',
			name: 'probe',
			group: [],
			version: 1,
			description: '',
			defaults: {},
			inputs: ['main'],
			outputs: ['main'],
			credentials: [{ name: 'klingApi', required: true }],
			properties: [],
		},
		async execute(this: IExecuteFunctions) {
			const { legacy, request } = this.getInputData()[0]?.json as {
				legacy: boolean;
				request: { method: 'GET' | 'POST'; url: string };
			};
			const { helpers } = this;
			const { url: uri, ...rest } = request;
			const redirects = { followRedirect: true, followAllRedirects: true, simple: false };
			if (legacy)
				await helpers.requestWithAuthentication.call(this, 'klingApi', {
					...rest,
					uri,
					...redirects,
				});
			else await helpers.httpRequestWithAuthentication.call(this, 'klingApi', request);
			return [[{ json: {} }]];
		},
	};

	beforeAll(async () => {
		engine = await startEngine({
			nodeTypes: { nodes: { probe }, credentials: { klingApi: new KlingApi() } },
			credentials: stage.credentials,
		});
	});
	afterAll(() => engine.stop());

	it.each([
		[false, 'GET'],
		[false, 'POST'],
		[true, 'GET'],
		[true, 'POST'],
	])('no redirect is followed (older helper: %s, %s)', async (legacy, method) => {
		stage.kling.fault({
			on: 'any',
			kind: 'redirect',
			location: `${stage.kling.baseUrl}/elsewhere`,
		});
		const url = '/v1/general/ai-multi-shot';
		await engine.runNode({
			type: 'probe',
			parameters: {},
			items: [{ json: { legacy, request: { method, url } } }],
		});
		expect(stage.kling.requests.map(({ path }) => path)).toEqual([url]);
	});
});

it('no secret shows in an error or in the log', async () => {
	const { accessKey, secretKey, apiKey } = stage.kling;
	for (const change of [
		{},
		{ accessKey: 'unknown' },
		{ authentication: 'apiKey', apiKey },
		{ baseUrl: 'http://127.0.0.1:9' },
	]) {
		stage.kling.fault({ on: 'any', kind: 'error', code: 1002 });
		const all = [everythingOf(await list(change)), (await testOf(change)).message].join();
		for (const secret of [accessKey, secretKey, apiKey, 'Bearer', 'eyJ']) {
			expect(all).not.toContain(secret);
			expect(stage.engine.logs.text()).not.toContain(secret);
		}
	}
});
