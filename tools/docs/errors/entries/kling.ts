import { checkError } from '../../../../nodes/shared/waiting/errors';
import { klingError } from '../../../../nodes/shared/run/klingError';
import { KLING_CODES } from '../../../../nodes/shared/transport/codes';
import type { KlingFailure, UnreadableReason } from '../../../../nodes/shared/transport/failure';
import { contextWith } from '../context';
import type { Entry, Section } from '../entry';

export const TASK = '867283741759111202';

const UNREADABLE = {
	empty: 'The answer is empty.',
	webPage: 'A proxy or a firewall answers with a page.',
	notJson: 'The answer is text, or JSON that was cut off.',
	notAnObject: 'The answer is a list or a single value.',
	noCode: 'The answer is the JSON of something else.',
	redirect: 'The answer is a redirect.',
	successWithErrorStatus: 'The answer contradicts itself.',
	noData: 'The answer confirms, and has no task.',
	notATask: 'The answer has something else in the place of a task.',
	notAList: 'The answer to List Tasks has something else in the place of the list.',
	tooLarge: 'The answer is larger than any list of tasks.',
} satisfies Record<UnreadableReason, string>;

/** A code of Node.js for each text. */
const NETWORK = {
	ECONNREFUSED: 'Nothing listens at the address.',
	ENOTFOUND: 'The name of the host is wrong, or the name server does not know it.',
	EAI_AGAIN: 'The name server does not answer.',
	EHOSTUNREACH: 'No way leads to the host.',
	ENETUNREACH: 'No way leads to the network.',
	HTTP_407: 'The proxy asks for a password.',
	CERT_HAS_EXPIRED: 'The certificate is too old.',
	CERT_NOT_YET_VALID: 'The certificate is too new, or the clock is wrong.',
	DEPTH_ZERO_SELF_SIGNED_CERT: 'The server vouches for itself.',
	SELF_SIGNED_CERT_IN_CHAIN: "A company's own authority vouches for the server.",
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'The server sends an incomplete certificate.',
	ERR_TLS_CERT_ALTNAME_INVALID: 'Another server answers.',
	CERT_REVOKED: 'Another reason before anything is sent.',
} satisfies Record<string, string>;

const BROKEN = {
	ETIMEDOUT: 'No answer comes in time.',
	ECONNRESET: 'The connection is lost.',
	ERR_CANCELED: 'n8n cuts the request.',
	EPROTO: 'Another reason while the answer is awaited.',
} satisfies Record<string, string>;

const REQUEST_ID = 'CjMkvGc1a2kAAAAAAAvRCg';

function error(failure: KlingFailure, action = 'create the task'): Error {
	return klingError(contextWith(), failure, { action });
}

function code(number: number): Entry {
	const failure = { kind: 'code', code: number, message: '' } as const;
	return { when: `${number}`, show: () => error(failure) };
}

export const codes: Section = {
	heading: 'Error codes of Kling',
	isTable: true,
	about:
		'The headline has Kling’s own words if there are any, otherwise the meaning of the code. Its beginning says what the node was doing.',
	entries: [
		{
			when: 'An error with Kling’s own words.',
			show: () =>
				error({
					kind: 'code',
					code: 1303,
					message: 'parallel task over resource pack limit',
					httpStatus: 429,
					requestId: REQUEST_ID,
				}),
		},
		{
			when: 'A code that is not documented.',
			show: () => error({ kind: 'code', code: 1999, message: '', httpStatus: 400 }),
		},
		...Object.keys(KLING_CODES).map(Number).map(code),
		{
			when: 'A task that is waited for is not known to Kling.',
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
				error({ kind: 'code', code: 1002, message: 'Auth failed', httpStatus: 401 }, action),
		})),
	],
};

export const network: Section = {
	heading: 'No answer of Kling',
	isTable: true,
	entries: [
		...Object.entries(NETWORK).map(([reason, when]): Entry => ({
			when,
			show: () => error({ kind: 'notSent', reason }),
		})),
		...Object.entries(BROKEN).map(([reason, when]): Entry => ({
			when,
			show: () => error({ kind: 'noAnswer', reason }),
		})),
		...Object.entries(UNREADABLE).map(([reason, when]): Entry => ({
			when,
			show: () =>
				error({ kind: 'unreadable', reason: reason as UnreadableReason, httpStatus: 502 }),
		})),
	],
};
