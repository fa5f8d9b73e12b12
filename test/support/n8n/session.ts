import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

const TIMEOUT_MS = 60_000;
/** n8n sends all requests away after it was too busy to ask its database whether it is there. */
export const NOT_READY = 'Database is not ready!';
const ASK_AGAIN_MS = 500;
const BODY_SHOWN = 600;

/** An answer of n8n's REST interface that is no success. */
export class N8nError extends Error {
	constructor(
		readonly status: number,
		readonly body: string,
		request: string,
	) {
		super(`${request} answered ${status}: ${body.slice(0, BODY_SHOWN)}`);
		this.name = 'N8nError';
	}
}

export interface Session {
	/** The `data` of n8n's answer. Throws N8nError unless the status is 2xx. */
	request: <Result>(method: string, path: string, body?: unknown) => Promise<Result>;
	/** The answer's bytes. Throws N8nError unless the status is 2xx. */
	bytes: (path: string) => Promise<Buffer>;
	baseUrl: string;
	/** 1 or 2. */
	major: number;
}

/** A browser's side of n8n's REST interface: the login cookie, and one `browser-id` to which n8n binds it. */
export function openSession(baseUrl: string, version: string): Session {
	const browserId = randomBytes(16).toString('hex');
	let cookie = '';

	const sendOnce = async (method: string, path: string, body?: unknown): Promise<Response> => {
		const answer = await fetch(`${baseUrl}${path}`, {
			method,
			headers: {
				'browser-id': browserId,
				// n8n closes idle connections; one that is used at that moment would be lost.
				connection: 'close',
				...(cookie === '' ? {} : { cookie }),
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
			},
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
			signal: AbortSignal.timeout(TIMEOUT_MS),
		});
		const login = answer.headers.getSetCookie().find((entry) => entry.startsWith('n8n-auth='));
		if (login !== undefined) cookie = login.slice(0, login.indexOf(';'));
		if (!answer.ok) throw new N8nError(answer.status, await answer.text(), `${method} ${path}`);
		return answer;
	};

	const send: typeof sendOnce = async (...request) => {
		for (const end = Date.now() + TIMEOUT_MS; ; await pause(ASK_AGAIN_MS)) {
			try {
				return await sendOnce(...request);
			} catch (error) {
				const notReady = error instanceof N8nError && error.body.includes(NOT_READY);
				if (!notReady || Date.now() > end) throw error;
			}
		}
	};

	return {
		baseUrl,
		major: Number(version.split('.')[0]),
		request: async <Result>(method: string, path: string, body?: unknown): Promise<Result> => {
			const answer = await send(method, path, body);
			const text = await answer.text();
			const parsed = (text === '' ? {} : JSON.parse(text)) as { data?: Result };
			return ('data' in parsed ? parsed.data : parsed) as Result;
		},
		bytes: async (path) => Buffer.from(await (await send('GET', path)).arrayBuffer()),
	};
}
