import { createHmac } from 'node:crypto';
import axios, { type AxiosResponse } from 'axios';
import type { Kling } from '../../kling';

const PATH = '/v1/general/ai-multi-shot';

export interface Envelope {
	code: number;
	message: string;
	request_id: string;
	data?: unknown;
}

export interface Answer {
	status: number;
	headers: Record<string, unknown>;
	body: Envelope;
}

/** An API key unless `authorization` is given; '' sends none. */
export async function call(
	kling: Kling,
	method: string,
	path: string,
	options: { body?: unknown; authorization?: string; type?: string } = {},
): Promise<Answer> {
	const authorization = options.authorization ?? `Bearer ${kling.apiKey}`;
	const answer: AxiosResponse<Envelope> = await axios.request({
		method,
		url: kling.baseUrl + PATH + path,
		data: typeof options.body === 'string' ? options.body : JSON.stringify(options.body),
		headers: {
			...(authorization ? { authorization } : {}),
			...(options.body === undefined ? {} : { 'content-type': options.type ?? 'application/json' }),
		},
		maxRedirects: 0,
		transformRequest: (data: unknown) => data,
		validateStatus: () => true,
	});
	return { status: answer.status, headers: answer.headers, body: answer.data };
}

export const get = async (kling: Kling, path: string) => await call(kling, 'GET', path);

export async function create(kling: Kling, body: Record<string, unknown>): Promise<Answer> {
	return await call(kling, 'POST', '', { body });
}

/** The answer's text: parsed as JSON, the ids of elements would lose their last digits. `headers` replace the usual ones. */
export async function askElements(
	kling: Kling,
	method: string,
	path: string,
	body?: unknown,
	headers: Record<string, string> = {},
): Promise<string> {
	const { data } = await axios.request<string>({
		method,
		url: kling.baseUrl + path,
		data: typeof body === 'string' ? body : JSON.stringify(body),
		headers: {
			authorization: `Bearer ${kling.apiKey}`,
			'content-type': 'application/json',
			...headers,
		},
		responseType: 'text',
		transformRequest: (text: unknown) => text,
		transformResponse: (text: string) => text,
		validateStatus: () => true,
	});
	return data;
}

export interface Seen {
	task_id: string;
	task_status: string;
	task_status_msg?: string;
	task_info?: { external_task_id?: string };
	task_result?: { images?: Array<Record<string, unknown>> };
	final_unit_deduction?: string;
	created_at: number;
	updated_at: number;
}

/** `data` of an answer that must be a success. */
export function dataOf(answer: Answer): Seen {
	expect(answer.body).toMatchObject({ code: 0 });
	return answer.body.data as Seen;
}

/** Signed by hand, so that the local Kling is not checked with the library that it uses. */
export function jwt(
	claims: object,
	secretKey: string,
	header: object = { alg: 'HS256', typ: 'JWT' },
) {
	const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
	const signed = `${encode(header)}.${encode(claims)}`;
	const hash = JSON.stringify(header).includes('HS512') ? 'sha512' : 'sha256';
	return `${signed}.${createHmac(hash, secretKey).update(signed).digest('base64url')}`;
}
