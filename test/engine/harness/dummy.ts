import { NodeApiError, NodeConnectionTypes, sleep } from 'n8n-workflow';
import type {
	ICredentialType,
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeType,
	IWebhookFunctions,
} from 'n8n-workflow';

import type { PackageTypes } from '../../support/engine';

let calls = 0;

export const callCount = () => calls;
export const resetCalls = () => {
	calls = 0;
};

const dummyCredential: ICredentialType = {
	name: 'dummyApi',
	displayName: 'Dummy API',
	properties: [
		{ displayName: 'Key', name: 'key', type: 'string', default: '' },
		{ displayName: 'Region', name: 'region', type: 'string', default: 'global' },
		{ displayName: 'Url', name: 'url', type: 'string', default: 'http://127.0.0.1:1' },
	],
	authenticate: async (credentials, request) => {
		const { key, url } = credentials as Record<string, string>;
		const headers = { ...request.headers, authorization: `Bearer ${key}` };
		return { ...request, url: `${url}${request.url}`, headers };
	},
	test: {
		request: { url: '/check' },
		rules: [
			{
				type: 'responseSuccessBody',
				properties: { key: 'answer.code', value: 1, message: 'The key is wrong' },
			},
		],
	},
};

const dummyNode: INodeType = {
	description: {
		name: 'dummy',
		displayName: 'Dummy',
		description: 'Does what its parameter says',
		group: ['transform'],
		version: [1, 1.1],
		defaults: { name: 'Dummy' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [{ name: 'dummyApi', required: true }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				path: 'resume',
				restartWebhook: true,
				isFullPath: true,
				responseMode: 'onReceived',
				responseData: 'noData',
			},
		],
		properties: [
			{ displayName: 'Do', name: 'do', type: 'string', default: 'echo' },
			{ displayName: 'Value', name: 'value', type: 'string', default: 'nothing', required: true },
		],
	},
	methods: {
		listSearch: {
			async search(this: ILoadOptionsFunctions, filter?: string, paginationToken?: string) {
				const { key } = await this.getCredentials<{ key: string }>('dummyApi');
				return {
					results: [{ name: `${filter} ${key}`, value: 'x' }],
					paginationToken: `after ${paginationToken}`,
				};
			},
		},
	},
	async execute(this: IExecuteFunctions) {
		calls += 1;
		const action = this.getNodeParameter('do', 0) as string;
		if (action === 'fail')
			throw new NodeApiError(this.getNode(), {}, { message: 'It failed', httpCode: '418' });
		if (action === 'failOnce' && calls === 1)
			throw new NodeApiError(this.getNode(), {}, { message: 'Not yet' });
		if (action === 'sleep') await untilStopped(this.getExecutionCancelSignal());
		if (action === 'park') await this.putExecutionToWait(new Date(Date.now() + 65_000));
		const { resumeUrl } = this.getWorkflowDataProxy(0).$execution as { resumeUrl: string };
		this.logger.debug('The dummy ran', { action });
		this.addExecutionHints({ message: 'A hint' });
		return [
			await Promise.all(
				this.getInputData().map(async ({ binary }, item) => ({
					json: {
						value: this.getNodeParameter('value', item) as string,
						credential: { ...(await this.getCredentials('dummyApi', item)) },
						resumeUrl,
						size: binary ? (await this.helpers.getBinaryDataBuffer(item, 'data')).length : 0,
						tool: this.getNode().type.endsWith('Tool') || (this.isToolExecution?.() ?? false),
					},
					pairedItem: { item },
				})),
			),
		];
	},
	webhook,
};

const dummyTrigger: INodeType = {
	description: {
		name: 'dummyTrigger',
		displayName: 'Dummy Trigger',
		description: 'Does what the body says',
		group: ['trigger'],
		version: 2,
		defaults: { name: 'Dummy Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				path: 'hook',
				responseMode: 'onReceived',
				responseData: 'noData',
			},
		],
		properties: [],
	},
	webhook,
};

async function webhook(this: IWebhookFunctions) {
	const { say } = (this.getBodyData() ?? {}) as { say?: string };
	const { rawBody } = this.getRequestObject();
	const staticData = this.getWorkflowStaticData('node');
	staticData.calls = Number(staticData.calls ?? 0) + 1;
	if (say === 'throw') throw new Error('The webhook threw');
	if (say === 'hang') return { noWebhookResponse: true };
	if (say === 'refuse') {
		this.getResponseObject().status(401).json({ message: 'no' });
		return { noWebhookResponse: true };
	}
	if (say !== 'go') return {};
	await sleep(100);
	return { workflowData: [[{ json: { mode: this.getMode(), raw: String(rawBody) } }]] };
}

async function untilStopped(signal: AbortSignal | undefined): Promise<void> {
	for (let slice = 0; slice < 100 && !signal?.aborted; slice++) await sleep(50);
}

export const dummyPackage: PackageTypes = {
	nodes: { dummy: dummyNode, dummyTrigger },
	credentials: { dummyApi: dummyCredential },
};
