import type { BinaryHelperFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { whyUnreachable, type Reach } from '../lib/address';
import { trimmedText } from '../lib/values';
import type { KlingContext } from './context';

const MAX_REDIRECTS = 5;

/** A Readable: n8n allows no import of node:stream in a node. */
export type Body = Exclude<Parameters<BinaryHelperFunctions['prepareBinaryData']>[0], Buffer>;

export interface PublicRequest {
	url: string;
	/** Of a WHATWG URL. With a local Kling http: is allowed, too. */
	protocols: string[];
	isLocal: boolean;
	headers: Record<string, string>;
	/** To the beginning of each answer. */
	timeoutMs: number;
	/** Ends what is under way. */
	signal: AbortSignal;
}

export interface PublicResponse {
	kind: 'answer';
	/** 200 to 299. */
	statusCode: number;
	headers: Record<string, unknown>;
	body: Body;
	/** To be called when done; closes the connection unless all was read. A destroy() of the body would not: n8n wraps it. */
	close: () => void;
}

/** Why there is no answer. */
export type NotFetched =
	/** A redirect to something that is no address. */
	| { kind: 'notAnAddress' }
	| { kind: 'protocol'; allowed: string[] }
	| { kind: 'unreachable'; hostname: string; reach: Exclude<Reach, 'public'> }
	| { kind: 'tooManyRedirects'; max: number }
	| { kind: 'status'; statusCode: number }
	/** Nobody answered, or not in time, or n8n's own protection (SSRF) forbids the address. */
	| { kind: 'noAnswer'; timeoutMs: number };

/**
 * A GET without any credentials. Redirects are followed here and not by n8n, so that no hop leads to n8n's own network.
 * @throws the reason of `signal`
 */
export async function fetchPublic(
	context: KlingContext,
	request: PublicRequest,
): Promise<PublicResponse | NotFetched> {
	let address = request.url;
	for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
		const refused = addressRefusal(address, request);
		if (refused) return refused;
		const answer = await fetchOnce(context, { ...request, url: address });
		if (answer.kind !== 'answer') return answer;
		const { statusCode, headers, close } = answer;
		if (statusCode >= 200 && statusCode < 300) return answer;
		close();
		const location = trimmedText(headers.location);
		if (statusCode < 300 || statusCode >= 400 || location === '')
			return { kind: 'status', statusCode };
		address = URL.canParse(location, address) ? new URL(location, address).href : location;
	}
	return { kind: 'tooManyRedirects', max: MAX_REDIRECTS };
}

function addressRefusal(
	address: string,
	{ protocols, isLocal }: PublicRequest,
): NotFetched | undefined {
	if (!URL.canParse(address)) return { kind: 'notAnAddress' };
	const { protocol, hostname } = new URL(address);
	const allowed = isLocal ? ['https:', 'http:'] : protocols;
	if (!allowed.includes(protocol)) return { kind: 'protocol', allowed };
	const reach = whyUnreachable({ hostname }, isLocal);
	return reach && { kind: 'unreachable', hostname, reach };
}

/** Whatever the status. */
async function fetchOnce(
	context: KlingContext,
	{ url, headers, timeoutMs, signal }: PublicRequest,
): Promise<PublicResponse | NotFetched> {
	signal.throwIfAborted();
	const closing = new AbortController();
	const close = () => {
		signal.removeEventListener('abort', close);
		closing.abort();
	};
	signal.addEventListener('abort', close);
	const options: IHttpRequestOptions = {
		method: 'GET',
		url,
		headers,
		encoding: 'stream',
		timeout: timeoutMs,
		disableFollowRedirect: true,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		abortSignal: closing.signal,
	};
	try {
		const response: unknown = await context.helpers.httpRequest(options);
		const answer = response as Pick<PublicResponse, 'statusCode' | 'headers' | 'body'>;
		return { kind: 'answer', ...answer, close };
	} catch {
		close();
		signal.throwIfAborted();
		return { kind: 'noAnswer', timeoutMs };
	}
}
