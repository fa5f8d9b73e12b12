import { startKling, type Kling } from '../../kling';
import vector from '../../fixtures/jwt-vector.json';
import { call, get, jwt } from './client';

let kling: Kling;
beforeAll(async () => {
	const { accessKey, secretKey } = vector;
	kling = await startKling({ accessKey, secretKey });
});
beforeEach(() => kling.reset());
afterAll(async () => await kling.close());

const now = () => Math.floor(Date.now() / 1000);
const claims = () => ({ iss: kling.accessKey, exp: now() + 1800, nbf: now() - 5 });
const signed = (given: object = {}, header?: object) =>
	`Bearer ${jwt({ ...claims(), ...given }, kling.secretKey, header)}`;
const codeWith = async (authorization: string) => {
	const { status, body } = await call(kling, 'GET', '', { authorization });
	return [status, body.code];
};

it('the documented token is good at its time, and neither before nor after', async () => {
	const authorization = `Bearer ${vector.token}`;
	const at = async (second: number) => {
		kling.clockOffsetMs = second * 1000 + 500 - Date.now();
		return (await codeWith(authorization))[1];
	};
	expect(await at(vector.now)).toBe(0);
	expect(await at(vector.now - 7)).toBe(1003);
	expect(await at(vector.now + 1798)).toBe(0);
	expect(await at(vector.now + 1801)).toBe(1004);
});

it.each<[string, () => string, number]>([
	['a JWT', () => signed(), 0],
	['an API key', () => `Bearer ${kling.apiKey}`, 0],
	['no header', () => '', 1001],
	['another scheme', () => `Basic ${kling.apiKey}`, 1002],
	['two spaces', () => `Bearer  ${kling.apiKey}`, 1002],
	['a bare token', () => kling.apiKey, 1002],
	['an unknown API key', () => 'Bearer api-key-unknown', 1000],
	['an unknown issuer', () => signed({ iss: 'nobody' }), 1000],
	['no issuer', () => signed({ iss: undefined }), 1000],
	['another secret', () => `Bearer ${jwt(claims(), 'another')}`, 1002],
	['another algorithm', () => signed({}, { alg: 'HS512', typ: 'JWT' }), 1002],
	['no algorithm', () => signed({}, { alg: 'none', typ: 'JWT' }), 1002],
	['no type', () => signed({}, { alg: 'HS256' }), 1002],
	['no JWT but two dots', () => 'Bearer a.b.c', 1002],
	['no exp', () => signed({ exp: undefined }), 1002],
	['no nbf', () => signed({ nbf: undefined }), 1002],
	['a fraction of a second', () => signed({ exp: now() + 1800.5 }), 1002],
	['nbf in the future', () => signed({ nbf: now() + 30 }), 1003],
	['expired', () => signed({ exp: now() - 1 }), 1004],
])('%s', async (_name, authorization, code) => {
	expect(await codeWith(authorization())).toEqual([code === 0 ? 200 : 401, code]);
});

it('a clock that is ahead, and one that is behind', async () => {
	kling.clockOffsetMs = -60_000;
	expect(await codeWith(signed())).toEqual([401, 1003]);
	kling.clockOffsetMs = 3_600_000;
	expect(await codeWith(signed())).toEqual([401, 1004]);
});

it('good keys of another region', async () => {
	kling.switches.wrongRegion = true;
	expect(await codeWith(signed())).toEqual([401, 1000]);
	expect((await get(kling, '')).body.code).toBe(1000);
});

it('the record tells tokens apart without telling them', async () => {
	await codeWith(signed());
	await codeWith('Bearer other');
	const headers = kling.requests.map((request) => request.headers.authorization);
	expect(headers[0]).toMatch(/^Bearer sha256:[0-9a-f]{64}$/);
	expect(headers[1]).not.toBe(headers[0]);
	expect(JSON.stringify(kling.requests)).not.toContain('eyJ');
});
