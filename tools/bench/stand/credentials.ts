import { CREDENTIAL_TYPE, type N8nApi } from '../../../test/support/n8n';
import type { KlingPlace } from './remoteKling';
import type { Credentials } from './workflowFile';

export async function createCredentials(
	api: N8nApi,
	{ baseUrl, accessKey, secretKey, apiKey }: KlingPlace,
	webhookSecret: string,
): Promise<Credentials> {
	const keys = { authentication: 'accessKey', accessKey, secretKey, region: 'custom', baseUrl };
	return {
		klingApi: await api.createCredential('Kling', CREDENTIAL_TYPE, keys),
		signed: await api.createCredential('Kling, signed', CREDENTIAL_TYPE, {
			...keys,
			webhookSecret,
		}),
		apiKey: await api.createCredential('Kling, API key', CREDENTIAL_TYPE, {
			...keys,
			authentication: 'apiKey',
			apiKey,
		}),
		jwtAuth: await api.createCredential('JWT', 'jwtAuth', {
			keyType: 'passphrase',
			secret: secretKey,
			algorithm: 'HS256',
		}),
		httpHeaderAuth: await api.createCredential('Header', 'httpHeaderAuth', {
			name: 'Authorization',
			value: `Bearer ${apiKey}`,
		}),
	};
}
