import type { IDataObject, IHttpRequestMethods, IHttpRequestOptions } from 'n8n-workflow';
import { sleep, untilAborted } from './abort';
import type { KlingContext } from './context';
import type { KlingCredential } from './credential';
import { readEnvelope, type HttpResponse, type KlingResponse } from './envelope';
import { networkFailure } from './networkFailure';
import { readText, type StreamedResponse } from './readText';
import { backoffMs, MAX_TRIES, retryPolicy } from './retry';

/** What requests are sent with: opened once a run or callback. */
export interface Connection {
	context: KlingContext;
	credential: KlingCredential;
	redact: (text: string) => string;
	/** Ends reads and pauses; a request that may change something is awaited. */
	signal: AbortSignal;
}

export interface KlingRequest {
	method: IHttpRequestMethods;
	/** After the base URL, with a leading slash. */
	path: string;
	query?: IDataObject;
	/** Text is sent as it is: numbers with more than 15 digits. */
	body?: IDataObject | string;
	timeoutMs: number;
}

/**
 * A request that changes nothing, sent again where that may help, at most {@link MAX_TRIES} times.
 * @throws the reason of the connection's signal
 */
export async function sendRead(
	connection: Connection,
	request: KlingRequest,
): Promise<KlingResponse> {
	let reSigned = false;
	for (let tries = 1; ; tries++) {
		const answer = await sendOnce(connection, request);
		if (!('failure' in answer)) return answer;
		const policy = retryPolicy(answer.failure);
		if (policy === 'never' || tries >= MAX_TRIES || (policy === 'reSign' && reSigned))
			return answer;
		if (policy === 'reSign') reSigned = true;
		else await sleep(backoffMs(tries, answer.failure), connection.signal);
	}
}

/**
 * One signed request, sent once. Whatever Kling and the network do comes back as an answer.
 * @throws the reason of the connection's signal before anything is sent, and for a GET also while it is under way
 */
export async function sendOnce(
	connection: Connection,
	request: KlingRequest,
): Promise<KlingResponse> {
	const { signal, redact } = connection;
	signal.throwIfAborted();
	const exchanging = exchange(connection, request);
	const answer =
		request.method === 'GET' ? await untilAborted(exchanging, signal) : await exchanging;
	if ('failure' in answer) return answer;
	return readEnvelope({ ...answer, text: answer.text && redact(answer.text) });
}

async function exchange(
	{ context, credential }: Connection,
	request: KlingRequest,
): Promise<HttpResponse | Extract<KlingResponse, { failure: unknown }>> {
	const type = 'klingApi';
	const { id, name = '' } = context.getNode().credentials?.[type] ?? {};
	// n8n would otherwise read the credential again for each request.
	const credentialsDecrypted = { id: id ?? '', name, type, data: credential.decrypted };
	try {
		const response: unknown = await context.helpers.httpRequestWithAuthentication.call(
			context,
			type,
			httpOptions(credential.baseUrl, request),
			{ credentialsDecrypted },
		);
		const { body, headers, statusCode } = response as StreamedResponse;
		return { headers, statusCode, text: await readText(body, request.timeoutMs) };
	} catch (error) {
		return { failure: networkFailure(error) };
	}
}

function httpOptions(
	baseUrl: string,
	{ method, path, query, body, timeoutMs }: KlingRequest,
): IHttpRequestOptions {
	return {
		method,
		url: `${baseUrl}${path}`,
		headers: { Accept: 'application/json', ...(body && { 'Content-Type': 'application/json' }) },
		// Only a stream can be bounded in size, and holds the digits of long numbers.
		encoding: 'stream',
		timeout: timeoutMs,
		disableFollowRedirect: true,
		returnFullResponse: true,
		// Also keeps n8n from sending a POST a second time after a 401.
		ignoreHttpStatusErrors: true,
		...(query && { qs: query }),
		...(body && { body }),
	};
}
