import { isObject } from '../lib/values';
import type { KlingFailure } from './failure';

/** The connection was never made, or the server's certificate was refused here before anything was sent. */
const NOT_SENT = new Set([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'ERR_TLS_CERT_ALTNAME_INVALID',
	// OpenSSL's reasons why a certificate is not trusted. @see https://nodejs.org/api/tls.html#x509-certificate-error-codes
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
]);

/** These come from a connection that was already open, too. */
const NOT_SENT_WHEN_CONNECTING = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL']);
const CONNECTING = new Set(['connect', 'getaddrinfo', 'queryA', 'queryAaaa', 'lookup']);

/** Keeps the code alone: n8n's error holds the request with its headers. */
export function networkFailure(error: unknown): KlingFailure {
	const { code, syscall } = firstCode(error);
	const notSent =
		NOT_SENT.has(code) || (NOT_SENT_WHEN_CONNECTING.has(code) && CONNECTING.has(syscall));
	return { kind: notSent ? 'notSent' : 'noAnswer', reason: code };
}

function firstCode(error: unknown): { code: string; syscall: string } {
	for (let cause = error, depth = 0; isObject(cause) && depth < 5; cause = cause.cause, depth++) {
		const { code, syscall, message } = cause;
		if (typeof code === 'string')
			return { code, syscall: typeof syscall === 'string' ? syscall : syscallIn(message) };
	}
	return { code: '', syscall: '' };
}

/** axios copies the code of Node's error, but not always its call; its message keeps both: `connect EHOSTUNREACH …`. */
function syscallIn(message: unknown): string {
	return typeof message === 'string' ? (/^(\w+) E[A-Z]+\b/.exec(message)?.[1] ?? '') : '';
}
