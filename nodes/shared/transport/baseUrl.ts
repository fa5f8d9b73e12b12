import { UserError, type ICredentialDataDecryptedObject } from 'n8n-workflow';
import { reachOf } from '../lib/address';
import { trimmedText } from '../lib/values';

/** Source: Kling's documentation. A key of one region gets 401 in the other. */
const REGION_BASE_URLS: Readonly<Record<string, string>> = {
	global: 'https://api-singapore.klingai.com',
	china: 'https://api-beijing.klingai.com',
};

/**
 * The base URL of Kling's API for this credential, without a trailing slash.
 * @throws UserError if the region is unknown or the Base URL is not one that keys may be sent to
 */
export function resolveBaseUrl(credentials: ICredentialDataDecryptedObject): string {
	const region = trimmedText(credentials.region) || 'global';
	if (region !== 'custom') {
		const baseUrl = REGION_BASE_URLS[region];
		if (!baseUrl)
			throw new UserError(`The Kling API credential has an unknown Region: ${region}`, {
				description: 'Choose Global, China or Custom in the credential.',
			});
		return baseUrl;
	}
	return checkedCustomBaseUrl(trimmedText(credentials.baseUrl));
}

function checkedCustomBaseUrl(text: string): string {
	const refuse = (reason: string) =>
		new UserError(`The Base URL of the Kling API credential ${reason}`, {
			description:
				'Enter an address such as https://api-singapore.klingai.com. Plain http is accepted for this machine only, for example http://127.0.0.1:8080.',
		});
	if (text === '') throw refuse('is empty, and the Region is Custom');
	if (!URL.canParse(text)) throw refuse('is not a URL');
	const url = new URL(text);
	if (url.protocol !== 'https:' && url.protocol !== 'http:')
		throw refuse(`must begin with https://, not ${url.protocol}//`);
	if (url.protocol === 'http:' && reachOf(url.hostname) !== 'loopback')
		throw refuse(`must begin with https://: plain http would not protect the key`);
	if (url.username || url.password) throw refuse('must not contain a user name or password');
	if (url.search || url.hash) throw refuse('must not contain a ? or #');
	return url.href.replace(/\/+$/, '');
}

/** Whether this is a local Kling for trying things out. */
export function isLocal(baseUrl: string): boolean {
	return reachOf(new URL(baseUrl).hostname) === 'loopback';
}
