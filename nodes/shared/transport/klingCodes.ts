/** Whether and when to send a request again that Kling answered with an error code. */
export type RetryPolicy =
	| 'never'
	/** Once, with a new token. */
	| 'reSign'
	/** After a pause, a few times. */
	| 'backoff'
	/** After a pause, until the Capacity Timeout. */
	| 'capacity';

export interface KlingCode {
	meaning: string;
	/** What the user can do. */
	advice: string;
	retry: RetryPolicy;
	/** After a create with this answer the task may exist. */
	mayHaveCreated?: true;
	/** Every further create of the account would get the same answer. */
	isFatal?: true;
}

const CHECK_KEYS =
	'Check the keys in the Kling API credential and its Region: keys of one region do not work in the other.';
const CHECK_INPUT =
	'Correct the value that Kling names. For a task ID, check that the task belongs to this account.';
const CHANGE_IMAGE = 'Use another image.';

/** Every error code of Kling's documentation. HTTP 429 alone says nothing: 1100 to 1102 and 1304 never pass by themselves. */
export const KLING_CODES: Readonly<Record<number, KlingCode>> = {
	1000: { meaning: 'authentication failed', advice: CHECK_KEYS, retry: 'never', isFatal: true },
	1001: { meaning: 'authorization is empty', advice: CHECK_KEYS, retry: 'never', isFatal: true },
	1002: { meaning: 'authorization is invalid', advice: CHECK_KEYS, retry: 'never', isFatal: true },
	1003: {
		meaning: 'the token is not yet valid',
		advice: "Set the clock of n8n's machine: it is fast.",
		retry: 'reSign',
		isFatal: true,
	},
	1004: {
		meaning: 'the token has expired',
		advice: "Set the clock of n8n's machine: it is slow.",
		retry: 'reSign',
		isFatal: true,
	},
	1100: {
		meaning: 'the account is abnormal',
		advice: 'Check the account in the Kling console.',
		retry: 'never',
		isFatal: true,
	},
	1101: {
		meaning: 'the account is in arrears',
		advice: 'Recharge the account in the Kling console.',
		retry: 'never',
		isFatal: true,
	},
	1102: {
		meaning: 'the resource pack is used up or has expired',
		advice: 'Buy a resource pack that covers images in the Kling console; packs are per product.',
		retry: 'never',
		isFatal: true,
	},
	1103: {
		meaning: 'no permission for this API',
		advice: 'Check in the Kling console whether the account may use AI Multi-Shot.',
		retry: 'never',
		isFatal: true,
	},
	1200: { meaning: 'invalid parameters', advice: CHECK_INPUT, retry: 'never' },
	1201: { meaning: 'an invalid value', advice: CHECK_INPUT, retry: 'never' },
	1202: {
		meaning: 'the method is invalid',
		advice: 'Check the Base URL in the Kling API credential.',
		retry: 'never',
	},
	1203: {
		meaning: 'the resource does not exist',
		advice: 'Check the task ID, and that the task belongs to this account.',
		retry: 'never',
	},
	1300: {
		meaning: "Kling's platform policy was triggered",
		advice: CHANGE_IMAGE,
		retry: 'never',
	},
	1301: { meaning: "Kling's content policy was triggered", advice: CHANGE_IMAGE, retry: 'never' },
	1302: {
		meaning: 'too many requests in a short time',
		advice: 'Send fewer requests at a time, or try again later.',
		retry: 'capacity',
	},
	1303: {
		meaning: 'the account runs as many tasks as its resource pack allows',
		advice: 'Wait for running tasks to end, or buy a larger resource pack.',
		retry: 'capacity',
	},
	1304: {
		meaning: "this machine's address is not on the account's allow-list",
		advice: 'Add the address to the allow-list, or contact Kling.',
		retry: 'never',
		isFatal: true,
	},
	5000: {
		meaning: 'an internal error of Kling',
		advice: 'Try again later.',
		retry: 'backoff',
		mayHaveCreated: true,
	},
	5001: { meaning: 'Kling is under maintenance', advice: 'Try again later.', retry: 'backoff' },
	5002: {
		meaning: 'an internal timeout of Kling',
		advice: 'Try again later.',
		retry: 'backoff',
		mayHaveCreated: true,
	},
};
