import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestMethods,
	IHttpRequestOptions,
} from 'n8n-workflow';
import { readEnvelope, type HttpAnswer, type KlingAnswer, type KlingFailure } from './envelope';
import type { KlingContext } from './context';
import { checkedBaseUrl, credentialsOf } from './credential';
import { isObject } from '../lib/values';
import { throwIfCancelled } from './cancel';

export interface KlingRequest {
	method: IHttpRequestMethods;
	/** Behind the base URL, with a leading slash. */
	path: string;
	query?: IDataObject;
	body?: IDataObject;
	timeoutMs: number;
}

/**
 * One signed request, sent once. Whatever Kling and the network do comes back as an answer.
 * @throws NodeOperationError before anything is sent where the credential cannot be used, or where the execution was stopped
 */
export async function sendOnce(context: KlingContext, request: KlingRequest): Promise<KlingAnswer> {
	const credentials = await credentialsOf(context);
	const baseUrl = checkedBaseUrl(context, credentials);
	throwIfCancelled(context);
	const answer = await exchange(context, credentials, {
		method: request.method,
		url: `${baseUrl}${request.path}`,
		json: true,
		timeout: request.timeoutMs,
		disableFollowRedirect: true,
		returnFullResponse: true,
		// Also keeps n8n from sending a POST again by itself after a 401.
		ignoreHttpStatusErrors: true,
		...(request.query && { qs: request.query }),
		...(request.body && { body: request.body }),
	});
	throwIfCancelled(context);
	return answer;
}

/** The credential that was read is given along, or n8n would read it once more. */
async function exchange(
	context: KlingContext,
	data: ICredentialDataDecryptedObject,
	options: IHttpRequestOptions,
): Promise<KlingAnswer> {
	const type = 'klingApi';
	const { id, name = '' } = context.getNode().credentials?.[type] ?? {};
	try {
		const response: unknown = await context.helpers.httpRequestWithAuthentication.call(
			context,
			type,
			options,
			{ credentialsDecrypted: { id: id ?? '', name, type, data } },
		);
		return readEnvelope(response as HttpAnswer);
	} catch (error) {
		return { failure: networkFailure(error) };
	}
}

/** Failures at the beginning of a connection: nothing of the request has left. */
const NOT_SENT: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'the connection was refused',
	ENOTFOUND: 'the host name was not found',
	EAI_AGAIN: 'the host name could not be looked up',
	EHOSTUNREACH: 'the host cannot be reached',
	ENETUNREACH: 'the network cannot be reached',
	CERT_HAS_EXPIRED: "the server's certificate has expired",
	DEPTH_ZERO_SELF_SIGNED_CERT: "the server's certificate is self-signed",
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the server's certificate cannot be verified",
	ERR_TLS_CERT_ALTNAME_INVALID: "the server's certificate is for another host",
};

const NO_ANSWER: Readonly<Record<string, string>> = {
	ECONNABORTED: 'no answer came in time',
	ETIMEDOUT: 'no answer came in time',
	ECONNRESET: 'the connection was dropped before the answer',
	EPIPE: 'the connection was dropped before the answer',
};

/** Keeps the reason alone: the error from n8n holds the request with its headers. */
function networkFailure(error: unknown): KlingFailure {
	const code = networkCode(error);
	const notSent = NOT_SENT[code];
	if (notSent) return { kind: 'network', message: notSent, notSent: true };
	return { kind: 'network', message: NO_ANSWER[code] ?? 'the connection failed' };
}

function networkCode(error: unknown): string {
	for (let cause = error, depth = 0; isObject(cause) && depth < 5; cause = cause.cause, depth++) {
		if (typeof cause.code === 'string') return cause.code;
	}
	return '';
}
