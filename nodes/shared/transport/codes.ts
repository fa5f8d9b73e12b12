/** How a request that Kling answered with an error code may be repeated. */
export type Again =
	| 'never'
	/** Once, with a token signed anew. */
	| 'resign'
	/** After a pause, out of the budget for faults; a create only once it is known that no task exists. */
	| 'fault'
	/** After a pause, for as long as capacity is waited for. */
	| 'capacity';

export interface KlingCode {
	meaning: string;
	/** What the user can do. */
	advice: string;
	again: Again;
	/** After a create with this answer the task may exist all the same. */
	ambiguous?: true;
}

const CHECK_KEYS =
	'Check the keys in the Kling API credential and its Region: keys of one region do not work in the other.';
const CHECK_INPUT = 'Check the parameters of this node against what Kling says.';
const CHANGE_PICTURE = 'Use another picture.';

/** Every error code of Kling's documentation. HTTP 429 alone says nothing: 1100 to 1102 and 1304 never pass by themselves. */
export const KLING_CODES: Readonly<Record<number, KlingCode>> = {
	1000: { meaning: 'authentication failed', advice: CHECK_KEYS, again: 'never' },
	1001: { meaning: 'authorization is empty', advice: CHECK_KEYS, again: 'never' },
	1002: { meaning: 'authorization is invalid', advice: CHECK_KEYS, again: 'never' },
	1003: {
		meaning: 'the token is not yet valid',
		advice: "Set the clock of n8n's machine: it is ahead of Kling's.",
		again: 'resign',
	},
	1004: {
		meaning: 'the token has expired',
		advice: "Set the clock of n8n's machine: it is behind Kling's.",
		again: 'resign',
	},
	1100: {
		meaning: 'the account is abnormal',
		advice: 'Check the account in the Kling console.',
		again: 'never',
	},
	1101: {
		meaning: 'the account is in arrears',
		advice: 'Recharge the account in the Kling console.',
		again: 'never',
	},
	1102: {
		meaning: 'the resource pack is used up or has expired',
		advice: 'Buy a resource pack that covers images in the Kling console; packs are per product.',
		again: 'never',
	},
	1103: {
		meaning: 'no right to this API',
		advice: 'Check in the Kling console whether the account may use AI Multi-Shot.',
		again: 'never',
	},
	1200: { meaning: 'invalid parameters', advice: CHECK_INPUT, again: 'never' },
	1201: { meaning: 'an invalid value', advice: CHECK_INPUT, again: 'never' },
	1202: {
		meaning: 'the method is invalid',
		advice: 'Check the Base URL in the Kling API credential.',
		again: 'never',
	},
	1203: {
		meaning: 'the resource does not exist',
		advice: 'Check the task id, and that the task belongs to this account.',
		again: 'never',
	},
	1300: {
		meaning: "Kling's platform policy was triggered",
		advice: CHANGE_PICTURE,
		again: 'never',
	},
	1301: { meaning: "Kling's content policy was triggered", advice: CHANGE_PICTURE, again: 'never' },
	1302: {
		meaning: 'too many requests in a short time',
		advice: 'Send fewer requests at a time, or try again later.',
		again: 'capacity',
	},
	1303: {
		meaning: "as many tasks are running as the account's resource pack allows",
		advice: 'Wait for running tasks to end, or buy a larger resource pack.',
		again: 'capacity',
	},
	1304: {
		meaning: "this machine's address is not on the account's allow-list",
		advice: 'Add the address to the allow-list, or contact Kling.',
		again: 'never',
	},
	5000: {
		meaning: 'an internal error of Kling',
		advice: 'Try again later.',
		again: 'fault',
		ambiguous: true,
	},
	5001: { meaning: 'Kling is under maintenance', advice: 'Try again later.', again: 'fault' },
	5002: {
		meaning: 'an internal timeout of Kling',
		advice: 'Try again later.',
		again: 'fault',
		ambiguous: true,
	},
};
