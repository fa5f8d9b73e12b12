import type { BinaryHelperFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { reachOf, refusedReach } from '../lib/address';
import type { KlingContext } from './context';
import { asText } from '../lib/values';

const MOST_REDIRECTS = 5;

/** A Readable: n8n allows no import of node:stream in a node. */
export type Body = Exclude<Parameters<BinaryHelperFunctions['prepareBinaryData']>[0], Buffer>;

export interface PublicRequest {
	url: string;
	/** Of a WHATWG URL. With a local Kling http: is allowed, too. */
	protocols: string[];
	klingIsLocal: boolean;
	headers: Record<string, string>;
	/** To the beginning of each answer. */
	timeoutMs: number;
	/** Ends what is under way. */
	signal: AbortSignal | undefined;
}

export interface PublicAnswer {
	headers: Record<string, unknown>;
	body: Body;
	/** To be called in the end; closes the connection unless all was read. A destroy() of the body would not: n8n wraps it. */
	close: () => void;
}

export interface NotFetched {
	/** The end of "The picture …". */
	reason: string;
	/** Whether another try may help. */
	passing: boolean;
}

/**
 * A GET without any credentials. Redirects are followed here and not by n8n, so that no hop leads to n8n's own network.
 * @returns a body with HTTP 2xx, or why there is none
 * @throws where the execution was stopped, or the reason of `signal`
 */
export async function fetchPublic(
	context: KlingContext,
	request: PublicRequest,
): Promise<PublicAnswer | NotFetched> {
	let address = request.url;
	for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
		const refused = refusedAddress(address, request);
		if (refused) return { reason: refused, passing: false };
		const answer = await fetchOnce(context, { ...request, url: address });
		if ('reason' in answer) return answer;
		const { statusCode, headers, close } = answer;
		if (statusCode >= 200 && statusCode < 300) return answer;
		close();
		const location = asText(headers.location);
		if (statusCode < 300 || statusCode >= 400 || location === '')
			return {
				reason: `is answered with HTTP ${statusCode}`,
				passing: statusCode >= 500 || statusCode === 429,
			};
		address = URL.canParse(location, address) ? new URL(location, address).href : location;
	}
	return { reason: `is hidden behind more than ${MOST_REDIRECTS} redirects`, passing: false };
}

function refusedAddress(
	address: string,
	{ protocols, klingIsLocal }: PublicRequest,
): string | undefined {
	if (!URL.canParse(address)) return 'leads to something that is not an address';
	const url = new URL(address);
	const allowed = klingIsLocal ? ['https:', 'http:'] : protocols;
	if (!allowed.includes(url.protocol))
		return `leads to an address that does not begin with ${allowed.map((one) => `${one}//`).join(' or ')}`;
	if (!refusedReach(url, klingIsLocal)) return undefined;
	const owner = reachOf(url.hostname) === 'loopback' ? "n8n's own machine" : 'a private network';
	return `leads to an address that cannot be used: ${url.hostname} is an address of ${owner}`;
}

async function fetchOnce(
	context: KlingContext,
	{ url, headers, timeoutMs, signal }: PublicRequest,
): Promise<(PublicAnswer & { statusCode: number }) | NotFetched> {
	const closing = new AbortController();
	const close = () => {
		signal?.removeEventListener('abort', close);
		closing.abort();
	};
	const endIfStopped = () => signal?.throwIfAborted();
	endIfStopped();
	signal?.addEventListener('abort', close);
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
		return { ...(response as Omit<PublicAnswer, 'close'> & { statusCode: number }), close };
	} catch {
		close();
		endIfStopped();
		const reason = `could not be fetched: no answer, or not within ${timeoutMs / 1000} seconds`;
		return { reason, passing: true };
	}
}
