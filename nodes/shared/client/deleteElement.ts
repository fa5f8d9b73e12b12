import { codeOf, type KlingFailure, type Result } from '../transport/failure';
import { sendRead, type Connection } from '../transport/request';

const DELETE_TIMEOUT_MS = 30_000;

export interface Deletion {
	/** Kling says that it was gone before; also where the answer to an earlier try of this call was lost. */
	alreadyDeleted: boolean;
}

/**
 * Sent again where that may help: a second delete does nothing more.
 * @param element_id digits. They are sent as a number that no JavaScript number holds, so the body is text.
 */
export async function deleteElement(
	connection: Connection,
	element_id: string,
): Promise<Result<Deletion>> {
	const answer = await sendRead(connection, {
		method: 'POST',
		path: '/v1/general/delete-elements',
		body: `{"element_id":${element_id}}`,
		timeoutMs: DELETE_TIMEOUT_MS,
	});
	if (!('failure' in answer)) return { value: { alreadyDeleted: false } };
	return isGone(answer.failure) ? { value: { alreadyDeleted: true } } : answer;
}

/** Source: "already be deleted", as seen. Kling has the same code for ids that it does not know. */
function isGone(failure: KlingFailure): boolean {
	return (
		codeOf(failure) === 1201 && 'message' in failure && /already\b.*\bdelet/i.test(failure.message)
	);
}
