import { createError } from '../../../../nodes/shared/creating/errors';
import { NO_CHARGES } from '../../../../nodes/shared/client/charges';
import { TASK_WORDS } from '../../../../nodes/shared/run/words';
import { mayHaveCreated } from '../../../../nodes/shared/transport/retry';
import { checkError } from '../../../../nodes/shared/waiting/errors';
import { klingError } from '../../../../nodes/shared/run/klingError';
import { KLING_CODES } from '../../../../nodes/shared/transport/klingCodes';
import type { KlingFailure, UnreadableReason } from '../../../../nodes/shared/transport/failure';
import { contextWith } from '../context';
import type { Entry, Section } from '../entry';

export const TASK = '867283741759111202';

const UNREADABLE = {
	empty: 'The answer is empty.',
	webPage: 'A proxy or a firewall answers with a web page.',
	notJson: 'The answer is plain text or incomplete JSON.',
	notAnObject: 'The answer is a list or a single value.',
	noCode: 'The answer is JSON, but not from Kling.',
	redirect: 'The answer is a redirect.',
	successWithErrorStatus: 'The code says success and the HTTP status says error.',
	noData: 'The answer says success but has no data.',
	notATask: 'The answer has other data where the task should be.',
	notAList: 'The answer has other data where the list of tasks should be.',
	tooLarge: 'The answer is larger than any list of tasks.',
} satisfies Record<UnreadableReason, string>;

/** A code of Node.js for each text. */
const NETWORK = {
	ECONNREFUSED: 'Nothing is listening at the address.',
	ENOTFOUND: 'The host name is wrong, or DNS does not know it.',
	EAI_AGAIN: 'The DNS server does not answer.',
	EHOSTUNREACH: 'There is no route to the host.',
	ENETUNREACH: 'There is no route to the network.',
	HTTP_407: 'The proxy requires a password.',
	CERT_HAS_EXPIRED: 'The certificate has expired.',
	CERT_NOT_YET_VALID: "The certificate is not valid yet, or the clock of n8n's machine is wrong.",
	DEPTH_ZERO_SELF_SIGNED_CERT: 'The server uses a self-signed certificate.',
	SELF_SIGNED_CERT_IN_CHAIN: "A company's own certificate authority issued the certificate.",
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'The server sends an incomplete certificate chain.',
	ERR_TLS_CERT_ALTNAME_INVALID: 'A different server answers.',
	CERT_REVOKED: 'Something else fails before the request is sent.',
} satisfies Record<string, string>;

const BROKEN = {
	ETIMEDOUT: 'No answer arrives in time.',
	ECONNRESET: 'The connection is lost.',
	ERR_CANCELED: 'n8n cancels the request.',
	EPROTO: 'Something else fails before the answer arrives.',
} satisfies Record<string, string>;

const REQUEST_ID = 'CjMkvGc1a2kAAAAAAAvRCg';

/** What a create says. Where the task may exist, the node has looked for it in vain. */
function createFailed(failure: KlingFailure): Error {
	const known = { failure, mayExist: mayHaveCreated(failure), earlier: NO_CHARGES };
	return createError(contextWith(), TASK_WORDS, known, 'order-1042');
}

function otherFailed(failure: KlingFailure, action = `get task ${TASK}`): Error {
	return klingError(contextWith(), failure, { action });
}

function code(number: number): Entry {
	const failure = { kind: 'code', code: number, message: '' } as const;
	return { when: `${number}`, show: () => createFailed(failure) };
}

export const codes: Section = {
	heading: 'Error codes of Kling',
	isTable: true,
	about:
		'If Kling sends a message, the headline has it. Otherwise it has the meaning of the code. It begins with what the node was doing: most rows show a create. After 5000, 5002 or a code that is not documented, the node looks for the task first. Those rows show what it says if it still cannot tell whether the task exists.',
	entries: [
		{
			when: 'Kling gives a message of its own.',
			show: () =>
				createFailed({
					kind: 'code',
					code: 1303,
					message: 'parallel task over resource pack limit',
					httpStatus: 429,
					requestId: REQUEST_ID,
				}),
		},
		{
			when: 'A code that is not documented.',
			show: () => createFailed({ kind: 'code', code: 1999, message: '', httpStatus: 400 }),
		},
		...Object.keys(KLING_CODES).map(Number).map(code),
		{
			when: 'Kling does not know the task that the node waits for.',
			show: () =>
				checkError(
					contextWith(),
					{ id: TASK, task: undefined },
					{
						kind: 'code',
						code: 1201,
						message: `Task not found by id: ${TASK}`,
						httpStatus: 400,
						requestId: REQUEST_ID,
					},
				),
		},
		...[
			`get task ${TASK}`,
			`get the element of task ${TASK}`,
			'list the tasks',
			'list the elements',
			'delete element 829836802793406551',
		].map((action): Entry => ({
			when: `Another operation: ${action}.`,
			show: () =>
				otherFailed({ kind: 'code', code: 1002, message: 'Auth failed', httpStatus: 401 }, action),
		})),
	],
};

export const network: Section = {
	heading: 'No answer from Kling',
	isTable: true,
	about:
		'**Creates.** If the request was not sent, nothing was charged. If the answer is lost or is not from Kling, the node looks for the task by its external ID, and uses it if it finds it. Otherwise the error says that the task may have been created. Retry On Fail, or a new run with the same External Task ID, looks for the task again instead of paying twice. Without an External Task ID of your own, check with Get Task or List Tasks, or in the Kling console, before you run the workflow again.\n\n**Other requests** cost nothing, so you can repeat them.',
	entries: [
		...Object.entries(NETWORK).map(([reason, when]): Entry => ({
			when,
			show: () => createFailed({ kind: 'notSent', reason }),
		})),
		{
			when: 'The answer to a create is lost, for any of the reasons below.',
			show: () => createFailed({ kind: 'noAnswer', reason: 'ETIMEDOUT' }),
		},
		{
			when: 'The answer to a create is not from Kling, for any of the reasons below.',
			show: () => createFailed({ kind: 'unreadable', reason: 'webPage', httpStatus: 502 }),
		},
		...Object.entries(BROKEN).map(([reason, when]): Entry => ({
			when,
			show: () => otherFailed({ kind: 'noAnswer', reason }),
		})),
		...Object.entries(UNREADABLE).map(([reason, when]): Entry => ({
			when,
			show: () =>
				otherFailed(
					{ kind: 'unreadable', reason: reason as UnreadableReason, httpStatus: 502 },
					reason === 'notAList' || reason === 'tooLarge' ? 'list the tasks' : undefined,
				),
		})),
	],
};
