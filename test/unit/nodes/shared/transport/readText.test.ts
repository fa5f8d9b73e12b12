import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { useStage } from '../../../../support/stage';
import { told } from './told';

const stage = useStage({ mode: 'manual' });

const MB = 1024 * 1024;
const TASK = { task_id: '867283741759111202', task_status: 'submitted' };
const ENVELOPE = JSON.stringify({ code: 0, message: 'SUCCEED', request_id: 'r-1', data: TASK });

/** Answers with `megabytes` of blanks and then with a task, unless nobody reads them. */
async function startServer(megabytes: number) {
	let sentMb = 0;
	const send = async (response: ServerResponse) => {
		const closed = new AbortController();
		response.on('close', () => closed.abort());
		response.writeHead(200, { 'content-type': 'application/json' });
		for (let part = 0; part < megabytes && !response.destroyed; part++, sentMb++)
			if (!response.write(Buffer.alloc(MB, ' ')))
				await once(response, 'drain', { signal: closed.signal }).catch(() => undefined);
		response.end(ENVELOPE);
	};
	const server = createServer((_request, response) => void send(response));
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		sentMb: () => sentMb,
		async close() {
			server.close();
			server.closeAllConnections();
			await once(server, 'close');
		},
	};
}

async function read(megabytes: number) {
	const server = await startServer(megabytes);
	try {
		const klingApi = { ...stage.credentials.klingApi, region: 'custom', baseUrl: server.url };
		const run = await stage.engine.runNode({
			parameters: { operation: 'get', downloadImages: false, output: 'task' },
			items: [{ json: { task_id: TASK.task_id } }],
			credentials: { klingApi },
		});
		return { run, sentMb: server.sentMb() };
	} finally {
		await server.close();
	}
}

it('an answer of 20 MB is read', async () => {
	const { run } = await read(20);
	expect(told(run)).toBe('');
	expect(run.items[0]?.json.task_id).toBe(TASK.task_id);
});

it('an answer of 300 MB is refused, and not read to its end', async () => {
	const { run, sentMb } = await read(300);
	expect(told(run)).toContain('the answer is larger than 32 MB');
	expect(sentMb).toBeLessThan(100);
});
