import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

import { completions } from './completions';
import { responses } from './responses';
import type { Answer, Body, Turn } from './turn';

export type { Answer, Tool, ToolCall, Turn } from './turn';

/** A language model on loopback that says what the test has it say. */
export interface Model {
	/** With /v1, as n8n's credential wants it. */
	baseUrl: string;
	apiKey: string;
	/** Every request, oldest first. */
	turns: Turn[];
	answer: (turn: Turn) => Answer;
	close: () => Promise<void>;
}

const DIALECTS = [responses, completions];

/** Speaks OpenAI's interfaces, so far as n8n's OpenAI Chat Model uses them in an agent: whole answers, no streams. */
export async function startModel(): Promise<Model> {
	const server = createServer((request, response) => {
		reply(request).then(
			(content) =>
				response.setHeader('content-type', 'application/json').end(JSON.stringify(content)),
			(error: unknown) =>
				// 400, since n8n's model asks again after a 5xx.
				response.writeHead(400).end(JSON.stringify({ error: { message: String(error) } })),
		);
	});

	async function reply(request: IncomingMessage): Promise<object> {
		const dialect = DIALECTS.find(({ path }) => path === request.url);
		if (request.method !== 'POST' || !dialect)
			throw new Error(`${request.method} ${request.url} is not known here`);
		if (request.headers.authorization !== `Bearer ${model.apiKey}`) throw new Error('Wrong key');
		const body = (await json(request)) as Body;
		if (body.stream) throw new Error('This model does not stream');
		const turn = dialect.read(body);
		model.turns.push(turn);
		const created = Math.floor(Date.now() / 1000);
		const written = dialect.write(model.answer(turn), String(model.turns.length));
		return { ...written, created, created_at: created, model: body.model };
	}

	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	const model: Model = {
		baseUrl: `http://127.0.0.1:${port}/v1`,
		apiKey: 'sk-local-model',
		turns: [],
		answer: () => 'I have nothing to say.',
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
	return model;
}
