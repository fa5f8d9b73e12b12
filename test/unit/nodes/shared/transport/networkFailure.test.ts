import { networkFailure } from '../../../../../nodes/shared/transport/networkFailure';

/** As axios and n8n pass it on: the code of Node's error on top, Node's error as its cause. */
const wrapped = (code: string, cause: object = {}) => ({ message: 'failed', code, cause });

/** @see https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const CERTIFICATE_CODES = [
	'UNABLE_TO_GET_ISSUER_CERT',
	'UNABLE_TO_GET_CRL',
	'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
	'UNABLE_TO_DECRYPT_CRL_SIGNATURE',
	'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
	'CERT_SIGNATURE_FAILURE',
	'CRL_SIGNATURE_FAILURE',
	'CERT_NOT_YET_VALID',
	'CERT_HAS_EXPIRED',
	'CRL_NOT_YET_VALID',
	'CRL_HAS_EXPIRED',
	'ERROR_IN_CERT_NOT_BEFORE_FIELD',
	'ERROR_IN_CERT_NOT_AFTER_FIELD',
	'ERROR_IN_CRL_LAST_UPDATE_FIELD',
	'ERROR_IN_CRL_NEXT_UPDATE_FIELD',
	'OUT_OF_MEM',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	'CERT_CHAIN_TOO_LONG',
	'CERT_REVOKED',
	'INVALID_CA',
	'PATH_LENGTH_EXCEEDED',
	'INVALID_PURPOSE',
	'CERT_UNTRUSTED',
	'CERT_REJECTED',
	'HOSTNAME_MISMATCH',
	'ERR_TLS_CERT_ALTNAME_INVALID',
];

it.each([...CERTIFICATE_CODES, 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])(
	'%s: nothing was sent',
	(reason) => {
		for (const error of [{ code: reason }, wrapped(reason), { cause: { cause: { code: reason } } }])
			expect(networkFailure(error)).toEqual({ kind: 'notSent', reason });
	},
);

describe.each(['EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'])('%s', (reason) => {
	it.each([
		['by its call', { code: reason, syscall: 'connect' }],
		[
			'by the call of its cause, where it has no code itself',
			{ cause: { code: reason, syscall: 'connect' } },
		],
		[
			'by the words that axios keeps',
			{ code: reason, message: `connect ${reason} 203.0.113.7:443` },
		],
		[
			'by the lookup of the name',
			{ code: reason, message: `getaddrinfo ${reason} kling.example.test` },
		],
	])('while connecting nothing was sent: %s', (_name, error) => {
		expect(networkFailure(error)).toEqual({ kind: 'notSent', reason });
	});

	it.each([
		['by its call', { code: reason, syscall: 'read' }],
		['by its words', { code: reason, message: `write ${reason}` }],
		['the call outdoes the words', { code: reason, syscall: 'read', message: `connect ${reason}` }],
		['without any', { code: reason }],
	])('on an open connection the request may have arrived: %s', (_name, error) => {
		expect(networkFailure(error)).toEqual({ kind: 'noAnswer', reason });
	});
});

it.each([
	'ECONNRESET',
	'EPIPE',
	'ETIMEDOUT',
	'ECONNABORTED',
	'ERR_CANCELED',
	'EPROTO',
	'ERR_BAD_RESPONSE',
	'ERR_SSL_WRONG_VERSION_NUMBER',
])('%s: the request may have arrived', (reason) => {
	expect(networkFailure({ code: reason, syscall: 'connect' })).toEqual({
		kind: 'noAnswer',
		reason,
	});
});

it.each([undefined, null, 'text', 5, {}, { code: 5 }, new Error('no code')])(
	'%p has no code, and proves nothing',
	(error) => {
		expect(networkFailure(error)).toEqual({ kind: 'noAnswer', reason: '' });
	},
);

it('an error that is its own cause ends the search', () => {
	const error: { cause?: unknown } = {};
	error.cause = error;
	expect(networkFailure(error)).toEqual({ kind: 'noAnswer', reason: '' });
});

it('keeps nothing of the error but its code', () => {
	const error = { ...wrapped('ECONNRESET'), config: { headers: { Authorization: 'Bearer x' } } };
	expect(JSON.stringify(networkFailure(error))).toBe('{"kind":"noAnswer","reason":"ECONNRESET"}');
});
