import { NodeApiError, type JsonObject } from 'n8n-workflow';
import type { KlingFailure } from './answer';
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
	const known = failure.code === undefined ? undefined : KLING_CODES[failure.code];
	const reason = failure.message || known?.meaning || 'no reason was given';
	const facts = [
		task && `Task: ${task}`,
		failure.code !== undefined &&
			`Kling code: ${failure.code}${known ? ` (${known.meaning})` : ''}`,
		failure.httpStatus !== undefined && `HTTP status: ${failure.httpStatus}`,
		failure.requestId && `Request ID: ${failure.requestId}`,
	].filter(Boolean);
	const description = [known?.advice ?? GENERAL_ADVICE[failure.kind], advice, facts.join(' · ')];
	const error = new NodeApiError(context.getNode(), asJson(failure), {
		message: `Kling could not ${action}${task ? ` ${task}` : ''}: ${reason}`,
		description: description.filter(Boolean).join(' '),
		...(failure.httpStatus !== undefined && { httpCode: String(failure.httpStatus) }),
	});
	return error;
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
