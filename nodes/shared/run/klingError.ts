import { NodeApiError, type JsonObject } from 'n8n-workflow';
import { KLING_CODES } from '../transport/klingCodes';
import type { KlingContext } from '../transport/context';
import type { NodeFailure } from './itemError';
import { codeOf, type KlingFailure, type UnreadableReason } from '../transport/failure';

export interface ErrorDetails {
	/** What was asked for, as the end of "Kling could not …". */
	action: string;
	/** The task's id, or the external one, as the user knows it. */
	task?: string | undefined;
	/** What was charged. */
	charge?: string | undefined;
	/** What to do, instead of the usual advice. */
	advice?: string | undefined;
}

/** The one place where a failure becomes an error: what is wrong, what to do, what was charged, code and request ID. */
export function klingError(
	context: KlingContext,
	failure: KlingFailure,
	{ action, task, charge, advice }: ErrorDetails,
): NodeApiError {
	const { httpStatus } = factsIn(failure);
	return new NodeApiError(context.getNode(), asJson(failure), {
		message: `Kling could not ${action}: ${reasonOf(failure)}`,
		description: inLines(
			advice ?? adviceOf(failure),
			charge,
			task && `Task: ${task}`,
			facts(failure),
		),
		...(httpStatus !== undefined && { httpCode: String(httpStatus) }),
	});
}

/** Adds what was charged to a description that does not say it yet, before code, HTTP status and request ID. */
export function withCharges(failure: NodeFailure, charges: string): NodeFailure {
	const description = failure.description ?? '';
	const lines = description.split('\n');
	const isFacts = /^(Kling code|HTTP status|Request ID): /.test(lines.at(-1) ?? '');
	failure.description = description.includes(charges)
		? description
		: inLines(...lines.slice(0, isFacts ? -1 : undefined), charges, isFacts ? lines.at(-1) : '');
	return failure;
}

/** The lines of a description, one below the other. */
export function inLines(...lines: Array<string | undefined>): string {
	return lines.filter(Boolean).join('\n');
}

/** The same facts for a failure that did not end the work by itself. */
export function describeFailure(failure: KlingFailure): string {
	return `${reasonOf(failure)} (${facts(failure)})`.replace(' ()', '');
}

export function reasonOf(failure: KlingFailure): string {
	switch (failure.kind) {
		case 'code':
			return failure.message || KLING_CODES[failure.code]?.meaning || 'no reason was given';
		case 'unreadable':
			return UNREADABLE[failure.reason];
		case 'notSent':
			return `the request was not sent, because ${NETWORK[failure.reason] ?? `of ${failure.reason}`}`;
		case 'noAnswer':
			return (
				NETWORK[failure.reason] ??
				`the connection failed${failure.reason && ` (${failure.reason})`}`
			);
	}
}

function adviceOf(failure: KlingFailure): string {
	const code = codeOf(failure);
	return KLING_CODES[code ?? 0]?.advice ?? GENERAL_ADVICE[failure.kind];
}

/** Code, HTTP status and request ID, on one line. */
function facts(failure: KlingFailure): string {
	const { httpStatus, requestId } = factsIn(failure);
	const code = codeOf(failure);
	// If Kling sent no message, the headline already states the meaning.
	const isSaid = failure.kind === 'code' && failure.message === '';
	const meaning = isSaid ? undefined : KLING_CODES[code ?? 0]?.meaning;
	return [
		code === undefined ? [] : `Kling code: ${code}${meaning ? ` (${meaning})` : ''}`,
		httpStatus === undefined ? [] : `HTTP status: ${httpStatus}`,
		requestId ? `Request ID: ${requestId}` : [],
	]
		.flat()
		.join(' · ');
}

function factsIn(failure: KlingFailure): { httpStatus?: number; requestId?: string } {
	return failure.kind === 'code' || failure.kind === 'unreadable' ? failure : {};
}

const UNREADABLE: Readonly<Record<UnreadableReason, string>> = {
	empty: 'the answer is empty',
	webPage: "the answer is a web page, not Kling's JSON",
	notJson: 'the answer is text or broken JSON',
	notAnObject: "the answer is a list or a single value, not Kling's JSON",
	noCode: "the answer is JSON without Kling's code",
	redirect: 'the answer is a redirect, which is not followed',
	successWithErrorStatus: 'the answer has a success code but an error status',
	noData: 'the answer has no data',
	notATask: 'the answer holds something other than a task',
	notAList: 'the answer is not a list of tasks',
	tooLarge: 'the answer is larger than 32 MB',
};

/** Source: Node.js and OpenSSL. */
const NETWORK: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'the connection was refused',
	ENOTFOUND: 'the host name was not found',
	EAI_AGAIN: 'the host name could not be looked up',
	EHOSTUNREACH: 'the host cannot be reached',
	ENETUNREACH: 'the network cannot be reached',
	HTTP_407: 'the proxy asks for a user name and password (HTTP 407)',
	CERT_HAS_EXPIRED: "the server's certificate has expired",
	CERT_NOT_YET_VALID: "the server's certificate is not valid yet",
	DEPTH_ZERO_SELF_SIGNED_CERT: "the server's certificate is self-signed",
	SELF_SIGNED_CERT_IN_CHAIN:
		"the server's certificate was issued by an authority that n8n does not know (NODE_EXTRA_CA_CERTS)",
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
		"the server's certificate was issued by an authority that n8n does not know (NODE_EXTRA_CA_CERTS)",
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the server's certificate cannot be verified",
	ERR_TLS_CERT_ALTNAME_INVALID: "the server's certificate is for another host",
	ECONNABORTED: 'no answer came in time',
	ETIMEDOUT: 'no answer came in time',
	ECONNRESET: 'the connection was dropped before the answer',
	EPIPE: 'the connection was dropped before the answer',
	ERR_CANCELED: 'the request was canceled',
};

const GENERAL_ADVICE: Readonly<Record<KlingFailure['kind'], string>> = {
	code: 'See the error codes in the Kling documentation.',
	unreadable:
		'Something else answered in place of Kling, such as a proxy. Check the Region or Base URL in the Kling API credential, and try again later.',
	notSent:
		'Check that n8n can reach the Region or Base URL in the Kling API credential, and try again later.',
	noAnswer:
		'Check that n8n can reach the Region or Base URL in the Kling API credential, and try again later.',
};

function asJson(failure: KlingFailure): JsonObject {
	const { httpStatus, requestId } = factsIn(failure);
	const code = codeOf(failure);
	return {
		...(code !== undefined && { code }),
		message: reasonOf(failure),
		...(requestId && { request_id: requestId }),
		...(httpStatus !== undefined && { http_status: httpStatus }),
	};
}
