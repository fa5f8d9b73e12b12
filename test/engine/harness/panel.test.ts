import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { startEngine, type Engine } from '../../support/engine';
import { dummyPackage } from './dummy';

describe('what the engine does outside of executions', () => {
	let engine: Engine;
	const server = createServer((request, response) => {
		const isRight = request.headers.authorization === 'Bearer right';
		response.statusCode = request.headers.authorization === 'Bearer forbidden' ? 403 : 200;
		response
			.setHeader('content-type', 'application/json')
			.end(JSON.stringify({ answer: { code: isRight ? 0 : 1 } }));
	});
	let url = '';

	beforeAll(async () => {
		await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
		url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		engine = await startEngine({
			nodeTypes: dummyPackage,
			credentials: { dummyApi: { key: 'secret' } },
		});
	});
	afterAll(() => {
		engine.stop();
		server.close();
	});

	it('searches a list', async () => {
		expect(await engine.listSearch('search', 'abc', '2', { type: 'dummy' })).toEqual({
			results: [{ name: 'abc secret', value: 'x' }],
			paginationToken: 'after 2',
		});
	});

	it.each([
		['right', 'OK', 'Connection successful!'],
		['wrong', 'Error', 'The key is wrong'],
		['forbidden', 'Error', 'Forbidden'],
	])('tests a credential whose key is %s', async (key, status, message) => {
		expect(await engine.testCredential({ key, url }, 'dummyApi')).toEqual({ status, message });
	});

	it('tells of a server that is not there', async () => {
		expect(await engine.testCredential({ key: 'right' }, 'dummyApi')).toEqual({
			status: 'Error',
			message: 'ECONNREFUSED',
		});
	});
});
