import { NodeApiError, type JsonObject } from 'n8n-workflow';
import type { KlingFailure } from './envelope';
import { KLING_CODES } from './codes';
import type { KlingContext } from './context';

export interface ErrorDetails {
	/** What was asked for, as the end of "Kling could not …". */
	action: string;
	/** The task's id, or the external one, as the user knows it. */
	task?: string;
	/** Stands behind Kling's own advice. */
	advice?: string;
}

/** The one place where a failure becomes an error: Kling's message, what to do, task, code and request id. */
export function klingError(
	context: KlingContext,
	failure: KlingFailure,
	{ action, task, advice }: ErrorDetails,
): NodeApiError {
	const facts = [task ? `Task: ${task}` : [], factsOf(failure)].flat();
	const description = [adviceAfter(failure), advice, facts.join(' · ')];
	return new NodeApiError(context.getNode(), asJson(failure), {
		message: `Kling could not ${action}${task ? ` ${task}` : ''}: ${reasonOf(failure)}`,
		description: description.filter(Boolean).join(' '),
		...(failure.httpStatus !== undefined && { httpCode: String(failure.httpStatus) }),
	});
}

/** The same for a failure that did not end the work by itself: reason, advice, code and request id. */
export function describeFailure(failure: KlingFailure): string {
	return `${reasonOf(failure)}. ${adviceAfter(failure)} ${factsOf(failure).join(' · ')}`.trim();
}

function reasonOf({ code, message }: KlingFailure): string {
	return message || KLING_CODES[code ?? 0]?.meaning || 'no reason was given';
}

function adviceAfter({ code, kind }: KlingFailure): string {
	return KLING_CODES[code ?? 0]?.advice ?? GENERAL_ADVICE[kind];
}

function factsOf({ code, httpStatus, requestId }: KlingFailure): string[] {
	const meaning = KLING_CODES[code ?? 0]?.meaning;
	return [
		code === undefined ? [] : `Kling code: ${code}${meaning ? ` (${meaning})` : ''}`,
		httpStatus === undefined ? [] : `HTTP status: ${httpStatus}`,
		requestId ? `Request ID: ${requestId}` : [],
	].flat();
}

const GENERAL_ADVICE: Readonly<Record<KlingFailure['kind'], string>> = {
	code: 'See the error codes in the Kling documentation.',
	unreadable:
		'Something between n8n and Kling answered instead, or the Base URL is wrong. Try again later, and check the Region or Base URL in the Kling API credential.',
	network:
		'Check that n8n can reach the Region or Base URL in the Kling API credential, and try again later.',
};

function asJson({ code, httpStatus, message, requestId }: KlingFailure): JsonObject {
	return {
		...(code !== undefined && { code }),
		message,
		...(requestId && { request_id: requestId }),
		...(httpStatus !== undefined && { http_status: httpStatus }),
	};
}
