import { sentenceOf } from '../../../../nodes/shared/output/download';
import type { Entry } from '../entry';

type Failure = Parameters<typeof sentenceOf>[0];

const FAILURES: Array<[when: string, failure: Failure]> = [
	['The address has expired, or the server has a problem.', { kind: 'status', statusCode: 403 }],
	['The server does not answer.', { kind: 'noAnswer', timeoutMs: 30_000 }],
	['The connection is lost.', { kind: 'dropped' }],
	['The server stops sending data.', { kind: 'stalled', ms: 30_000 }],
	['The download takes too long.', { kind: 'slow', ms: 300_000 }],
	['The file is too large.', { kind: 'tooLarge', maxBytes: 50 * 1024 * 1024 }],
	['The file has no bytes.', { kind: 'empty' }],
	['The file is not an image.', { kind: 'notAnImage' }],
	['n8n cannot store the file.', { kind: 'notStored', message: 'ENOSPC: no space left on device' }],
	['The address is not valid.', { kind: 'notAnAddress' }],
	['The address does not begin with https://.', { kind: 'protocol', allowed: ['https:'] }],
	[
		"The address is n8n's own machine.",
		{ kind: 'unreachable', hostname: 'localhost', reach: 'loopback' },
	],
	[
		'The address is in a private network.',
		{ kind: 'unreachable', hostname: '10.0.0.1', reach: 'private' },
	],
	['The address redirects too often.', { kind: 'tooManyRedirects', max: 5 }],
];

export const downloadReasons = FAILURES.map(([when, failure]): Entry => ({
	when,
	show: () => sentenceOf(failure),
}));
