import { KlingApi } from '../../../../credentials/KlingApi.credentials';
import { checkWebhookSecret } from '../../../../nodes/KlingAiMultiShot/trigger/activation';
import { openCredential } from '../../../../nodes/shared/transport/credential';
import { contextWith } from '../context';
import type { Entry, Section } from '../entry';

const KEYS = { authentication: 'accessKey', accessKey: 'AtRkFbpDJ4kQ', secretKey: 'f8kJ' };

function credential(when: string, given: Record<string, string>): Entry {
	const context = contextWith({ credential: { ...KEYS, ...given } });
	return { when, show: async () => await openCredential(context) };
}

function baseUrl(when: string, address: string): Entry {
	return credential(when, { region: 'custom', baseUrl: address });
}

export const credentials: Section = {
	heading: 'Credential',
	entries: [
		credential('A field is empty.', { accessKey: '' }),
		credential('Something else was copied along with the key.', { secretKey: 'Secret Key: f8kJ' }),
		credential('An expression gives an unknown region.', { region: 'europe' }),
		baseUrl('The field is empty.', ''),
		baseUrl('The value is not an address.', 'klingai'),
		baseUrl('The protocol is not supported.', 'ftp://api.example.com'),
		baseUrl('Keys would be sent without encryption.', 'http://api.example.com'),
		baseUrl('The address contains a password.', 'https://me:secret@api.example.com'),
		baseUrl('The address contains a query or a fragment.', 'https://api.example.com/?key=1'),
		{
			when: 'An HTTP Request node uses the credential for another host.',
			show: async () =>
				await new KlingApi().authenticate(KEYS, { url: 'https://example.com/', headers: {} }),
		},
		{
			when: 'The workflow of a trigger is published, and the Webhook Secret is not a valid secret.',
			show: async () => {
				const context = contextWith({ credential: { webhookSecret: 'whsec_?' } });
				await checkWebhookSecret(context as unknown as Parameters<typeof checkWebhookSecret>[0]);
			},
		},
		{
			when: 'In the credential test, Kling refuses the keys.',
			show: () => testMessage(1002),
		},
		{
			when: 'In the credential test, something other than Kling answers.',
			show: () => testMessage(undefined),
		},
	],
};

function testMessage(code: number | undefined): string | undefined {
	const rule = new KlingApi().test.rules?.find(
		({ properties }) =>
			'key' in properties && properties.key === 'code' && properties.value === code,
	);
	return rule?.properties.message;
}
