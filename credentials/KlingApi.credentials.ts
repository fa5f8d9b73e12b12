import {
	UserError,
	type ICredentialDataDecryptedObject,
	type ICredentialTestRequest,
	type ICredentialType,
	type IHttpRequestOptions,
	type INodeProperties,
	type Icon,
} from 'n8n-workflow';
import { KLING_CODES } from '../nodes/shared/transport/klingCodes';
import { readCredential } from '../nodes/shared/transport/credential';
import { bearerToken } from '../nodes/shared/transport/token';

/** n8n's HTTP Request node still gives `uri`, `followRedirect` and `followAllRedirects` instead of `url` and `disableFollowRedirect`. */
type SignableRequest = IHttpRequestOptions & {
	uri?: string;
	followRedirect?: boolean;
	followAllRedirects?: boolean;
};

export class KlingApi implements ICredentialType {
	name = 'klingApi';

	displayName = 'Kling API';

	icon: Icon = { light: 'file:kling.svg', dark: 'file:kling.dark.svg' };

	documentationUrl = 'https://github.com/kling-multi-shot/n8n-nodes-kling-multi-shot#credential';

	properties: INodeProperties[] = [
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'options',
			options: [
				{ name: 'Access Key and Secret Key', value: 'accessKey' },
				{ name: 'API Key', value: 'apiKey' },
			],
			default: 'accessKey',
			description:
				'The kind of key you have. You create both under API Keys in the Kling developer console, app.klingai.com/global/dev (China: klingai.com/dev).',
		},
		{
			displayName: 'Access Key',
			name: 'accessKey',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. AtRkFbpDJ4kQ…',
			displayOptions: { show: { authentication: ['accessKey'] } },
			description: 'The first half of the pair, which identifies your account',
		},
		{
			displayName: 'Secret Key',
			name: 'secretKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			displayOptions: { show: { authentication: ['accessKey'] } },
			description:
				'The second half of the pair. It signs a token for each request and is never sent itself.',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			displayOptions: { show: { authentication: ['apiKey'] } },
			description: 'One key instead of a pair. It is sent only to the API of the Region.',
		},
		{
			displayName: 'Region',
			name: 'region',
			type: 'options',
			options: [
				{
					name: 'Global (Singapore)',
					value: 'global',
					description: 'For keys created on app.klingai.com/global/dev',
				},
				{
					name: 'China (Beijing)',
					value: 'china',
					description: 'For keys created on klingai.com/dev',
				},
				{ name: 'Custom', value: 'custom', description: 'Another address of the API' },
			],
			default: 'global',
			description:
				'Where you created the keys. Keys of one region do not work in the other (HTTP 401).',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://api-singapore.klingai.com',
			displayOptions: { show: { region: ['custom'] } },
			description:
				'Must begin with https://. Plain http is accepted only for this machine, for example http://127.0.0.1:8080.',
		},
		{
			displayName: 'Webhook Secret',
			name: 'webhookSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. whsec_…',
			description:
				'Optional, for the trigger and for Pause Until Callback. The secret that Kling signs callbacks with, if you created one in the Kling console. Callbacks without a valid signature are then refused. While you change it, enter the old and the new one, separated by a space. A change takes effect within two minutes.',
		},
	];

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: SignableRequest,
	): Promise<IHttpRequestOptions> {
		const credential = readCredential(credentials);
		const target = requestOptions.uri ?? requestOptions.url;
		const url = URL.canParse(target)
			? target
			: `${requestOptions.baseURL || credential.baseUrl}${target}`;
		const baseUrl = new URL(credential.baseUrl);
		if (!URL.canParse(url) || new URL(url).origin !== baseUrl.origin)
			throw new UserError(
				`The Kling API credential signs requests to ${baseUrl.host} only, not to ${url}`,
				{
					description:
						'This keeps your key from being sent anywhere but Kling. Use another credential for other addresses.',
				},
			);
		return {
			...requestOptions,
			url,
			...(requestOptions.uri !== undefined && { uri: url }),
			baseURL: '',
			headers: {
				...requestOptions.headers,
				Authorization: `Bearer ${await bearerToken(credential.keys)}`,
			},
			disableFollowRedirect: true,
			followRedirect: false,
			followAllRedirects: false,
		} as SignableRequest;
	}

	/** The free List call. n8n's rules fail a test where a value of the body matches: one for each code, and one for no code. */
	test: ICredentialTestRequest = {
		request: {
			url: '/v1/general/ai-multi-shot',
			qs: { pageNum: 1, pageSize: 1 },
			ignoreHttpStatusErrors: true,
			timeout: 30_000,
		},
		rules: [
			...Object.entries(KLING_CODES).map(([code, { meaning, advice }]) => ({
				type: 'responseSuccessBody' as const,
				properties: {
					key: 'code',
					value: Number(code),
					message: `Kling says ${code}: ${meaning}. ${advice}`,
				},
			})),
			notKlingRule('code', undefined),
			// Kling omits `data` on errors, so these rules catch codes that are not in the table.
			notKlingRule('data', undefined),
			notKlingRule('data', null),
		],
	};
}

function notKlingRule(key: 'code' | 'data', value: null | undefined) {
	return {
		type: 'responseSuccessBody' as const,
		properties: {
			key,
			value,
			message:
				"The answer is not a list of tasks from Kling's API. Check the keys and the Region, or the Base URL if it is Custom.",
		},
	};
}
