/** Documented codes: HTTP status and a message of the documentation's kind. Only 1303's and 1201's texts are known to be real. */
export const ERROR_CODES: Readonly<Record<number, { status: number; message: string }>> = {
	1000: { status: 401, message: 'Authentication failed' },
	1001: { status: 401, message: 'Authorization is empty' },
	1002: { status: 401, message: 'Authorization is invalid' },
	1003: { status: 401, message: 'Authorization is not yet valid' },
	1004: { status: 401, message: 'Authorization has expired' },
	1100: { status: 429, message: 'Account exception' },
	1101: { status: 429, message: 'Account in arrears' },
	1102: { status: 429, message: 'Resource pack exhausted or expired' },
	1103: { status: 403, message: 'No right to this API or model' },
	1200: { status: 400, message: 'Invalid request parameters' },
	1201: { status: 400, message: 'Invalid key or value' },
	1202: { status: 404, message: 'The requested method is invalid' },
	1203: { status: 404, message: 'The requested resource does not exist' },
	1300: { status: 400, message: 'Trigger strategy of the platform' },
	1301: { status: 400, message: 'Trigger the content security policy of the platform' },
	1302: { status: 429, message: 'The API request is too fast' },
	1303: { status: 429, message: 'parallel task over resource pack limit' },
	1304: { status: 429, message: 'Trigger the IP whitelisting policy of the platform' },
	5000: { status: 500, message: 'Internal server error' },
	5001: { status: 503, message: 'Server under maintenance' },
	5002: { status: 504, message: 'Server internal timeout' },
};

/** An answer with `code` other than 0; an unknown code goes out as HTTP 400. */
export class KlingError extends Error {
	readonly status: number;

	constructor(
		readonly code: number,
		message?: string,
		status?: number,
	) {
		super(message ?? ERROR_CODES[code]?.message ?? 'Unknown error');
		this.status = status ?? ERROR_CODES[code]?.status ?? 400;
	}
}
