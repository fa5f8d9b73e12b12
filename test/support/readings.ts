import type { CredentialData } from './engine';

/** Counts from now on how often n8n reads the credential. */
export function countReadings(credentials: CredentialData): { readonly count: number } {
	const readings = { count: 0 };
	let data = credentials.klingApi;
	Object.defineProperty(credentials, 'klingApi', {
		configurable: true,
		enumerable: true,
		get() {
			readings.count++;
			return data;
		},
		set(changed: typeof data) {
			data = changed;
		},
	});
	return readings;
}
