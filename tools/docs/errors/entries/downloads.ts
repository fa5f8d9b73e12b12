import { sentenceOf } from '../../../../nodes/shared/output/download';
import type { Entry } from '../entry';

type Failure = Parameters<typeof sentenceOf>[0];

const FAILURES: Array<[when: string, failure: Failure]> = [
	['The address has expired, or the server has a problem.', { kind: 'status', statusCode: 403 }],
	['Nobody answers.', { kind: 'noAnswer', timeoutMs: 30_000 }],
	['The connection is lost.', { kind: 'dropped' }],
	['No more data comes.', { kind: 'stalled', ms: 30_000 }],
	['The download takes too long.', { kind: 'slow', ms: 300_000 }],
	['The file is too large.', { kind: 'tooLarge', maxBytes: 50 * 1024 * 1024 }],
	['The file has no bytes.', { kind: 'empty' }],
	['The file is something else.', { kind: 'notAnImage' }],
	['n8n cannot store the file.', { kind: 'notStored', message: 'ENOSPC: no space left on device' }],
	['The address is none.', { kind: 'notAnAddress' }],
	['The address is not an https address.', { kind: 'protocol', allowed: ['https:'] }],
	[
		"The address is n8n's own machine.",
		{ kind: 'unreachable', hostname: 'localhost', reach: 'loopback' },
	],
	[
		'The address is in a private network.',
		{ kind: 'unreachable', hostname: '10.0.0.1', reach: 'private' },
	],
	['The address redirects on and on.', { kind: 'tooManyRedirects', max: 5 }],
];

export const downloadReasons = FAILURES.map(([when, failure]): Entry => ({
	when,
	show: () => sentenceOf(failure),
}));
