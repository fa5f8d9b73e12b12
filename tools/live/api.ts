import { createHmac } from 'node:crypto';

/** Kling's API over plain HTTP, written from its documentation alone, so that no mistake of the package is shared. */

const PATH = '/v1/general/ai-multi-shot';
const TIMEOUT_MS = 60_000;

export interface Task {
	task_id: unknown;
	task_status: string;
	task_status_msg?: string;
	task_info?: { external_task_id?: string };
	task_result?: { images?: Array<Record<string, unknown>> };
	final_unit_deduction?: unknown;
	created_at: number;
	updated_at: number;
}

export interface Answer {
	status: number;
	body: { code?: number; message?: string; data?: unknown };
}

export interface Api {
	get: (behind: string, token?: string) => Promise<Answer>;
	create: (body: object) => Promise<Answer>;
	/** A token whose time begins and ends so many seconds from now; none with an API key. */
	tokenFor: ((fromS: number, untilS: number) => string) | undefined;
}

export function openApi(baseUrl: string, keys: Record<string, string>): Api {
	const { apiKey, accessKey = '', secretKey = '' } = keys;
	const signed = (fromS: number, untilS: number) => jwt(accessKey, secretKey, fromS, untilS);
	const send = async (behind: string, token: string | undefined, body?: object) => {
		const answer = await fetch(`${baseUrl}${PATH}${behind}`, {
			method: body === undefined ? 'GET' : 'POST',
			headers: {
				authorization: `Bearer ${token ?? apiKey ?? signed(-5, 1800)}`,
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
			},
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
			redirect: 'manual',
			signal: AbortSignal.timeout(TIMEOUT_MS),
		});
		return { status: answer.status, body: (await answer.json()) as Answer['body'] };
	};
	return {
		get: async (behind, token) => await send(behind, token),
		create: async (body) => await send('', undefined, body),
		tokenFor: apiKey === undefined ? signed : undefined,
	};
}

function jwt(issuer: string, secret: string, fromS: number, untilS: number): string {
	const now = Math.floor(Date.now() / 1000);
	const claims = { iss: issuer, exp: now + untilS, nbf: now + fromS };
	const encoded = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) =>
		Buffer.from(JSON.stringify(part)).toString('base64url'),
	);
	const text = encoded.join('.');
	return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

/** The task in a successful answer. */
export function taskIn({ body }: Answer): Task | undefined {
	return body.code === 0 ? (body.data as Task) : undefined;
}

export function tasksIn({ body }: Answer): Task[] {
	return body.code === 0 && Array.isArray(body.data) ? (body.data as Task[]) : [];
}

/** In one line, for the table. */
export const shown = ({ status, body }: Answer): string =>
	`HTTP ${status}, code ${String(body.code)}: ${String(body.message)}`;

export const hasEnded = ({ task_status }: Task): boolean =>
	['succeed', 'succeeded', 'failed'].includes(task_status);
