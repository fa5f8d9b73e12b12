import type {
	IDataObject,
	INode,
	INodeParameters,
	IWebhookData,
	IWorkflowBase,
	Workflow,
} from 'n8n-workflow';

import { createAdditionalData } from './additional-data';
import { EngineCredentials, type CredentialData } from './credentials';
import { PACKAGE_NAME } from './package-types';
import type { EngineParts } from './panel';
import type { WebhookRequest, WebhookResponse } from './server';
import { callNodeWebhook, sendError, type WebhookOutcome } from './webhook-call';
import { webhooksOf } from './webhooks-of';
import { buildWorkflow, createWorkflow, type NodeSettings } from './workflow';

export interface TriggerOptions {
	/** Name in the package; `klingAiMultiShotTrigger` unless given. */
	type?: string;
	parameters?: INodeParameters;
	nodeSettings?: NodeSettings;
	credentials?: CredentialData;
	/** 'manual': the editor listens for a test event. 'trigger' unless given. */
	mode?: 'trigger' | 'manual';
	/** The workflow's static data before the first call. */
	staticData?: IDataObject;
	/** Whether n8n can store the execution that a call starts: it answers 500 where it cannot. Always unless given. */
	stores?: () => boolean;
}

export interface TriggerListener {
	/** What users paste as Callback URL. */
	url: string;
	/** In the order in which `webhook()` came to its end. */
	outcomes: WebhookOutcome[];
	/** All calls so far have come to their end. */
	settled: () => Promise<void>;
	/** As n8n would have saved it last. */
	staticData: () => IDataObject;
	close: () => void;
}

interface ActiveTrigger {
	data: IWorkflowBase;
	credentials: CredentialData;
	mode: 'trigger' | 'manual';
	stores: () => boolean;
	outcomes: WebhookOutcome[];
	pending: Set<Promise<unknown>>;
}

export const TRIGGER_NAME = 'Trigger under test';

/** The active triggers of one engine, by the path under which n8n registers them. */
export class Triggers {
	private readonly active = new Map<string, ActiveTrigger>();
	private count = 0;

	constructor(private readonly parts: EngineParts) {}

	listen(options: TriggerOptions, defaultCredentials: CredentialData): TriggerListener {
		const {
			credentials = defaultCredentials,
			mode = 'trigger',
			nodeSettings,
			parameters = {},
			staticData,
			stores = () => true,
		} = options;
		this.count += 1;
		const type = options.type ?? 'klingAiMultiShotTrigger';
		const node = {
			name: TRIGGER_NAME,
			type,
			parameters,
			webhookId: `trigger-${this.count}`,
			...(options.credentials && { credentials: this.ownIds(options.credentials) }),
			...nodeSettings,
		};
		const plan = { nodes: [node], connections: [], ...(staticData ? { staticData } : {}) };
		const { data } = buildWorkflow(
			plan,
			this.parts.nodeTypes,
			PACKAGE_NAME,
			Object.keys(credentials),
		);
		const trigger: ActiveTrigger = {
			...{ data, credentials, mode, stores },
			outcomes: [],
			pending: new Set(),
		};
		const { webhooks } = this.open(trigger);
		const [webhook] = webhooks.filter(
			({ webhookDescription }) => webhookDescription.restartWebhook !== true,
		);
		if (!webhook) throw new Error(`${type} has no webhook`);
		const path = `${mode === 'manual' ? 'webhook-test' : 'webhook'}/${webhook.path}`;
		this.active.set(path, trigger);
		return {
			url: `${this.parts.baseUrl}/${path}`,
			outcomes: trigger.outcomes,
			settled: async () => {
				await Promise.allSettled(trigger.pending);
			},
			staticData: () => trigger.data.staticData ?? {},
			close: () => {
				this.active.delete(path);
			},
		};
	}

	async handle(
		path: string,
		request: WebhookRequest,
		response: WebhookResponse,
		body: Buffer,
	): Promise<void> {
		const trigger = this.active.get(path);
		const call = trigger && this.call(trigger, request, response, body);
		if (!call) {
			sendError(
				response,
				404,
				`The requested webhook "${request.method} ${path}" is not registered.`,
			);
			return;
		}
		trigger.pending.add(call);
		await call;
	}

	/** Two credentials of one id would be one, of which the node remembers what it read. */
	private ownIds(credentials: CredentialData): NonNullable<NodeSettings['credentials']> {
		return Object.fromEntries(
			Object.keys(credentials).map((name) => [name, { id: `${name}-${this.count}`, name }]),
		);
	}

	private open(trigger: Pick<ActiveTrigger, 'data' | 'credentials' | 'mode'>): OpenTrigger {
		// Static data is read when a call begins and written when it ends, so that parallel calls overwrite each other's.
		const workflow = createWorkflow(trigger.data, this.parts.nodeTypes);
		const node = workflow.getNode(TRIGGER_NAME);
		if (!node) throw new Error(`The workflow has no node "${TRIGGER_NAME}"`);
		const additionalData = createAdditionalData({
			credentials: new EngineCredentials(this.parts.packageTypes.credentials, trigger.credentials),
			baseUrl: this.parts.baseUrl,
			mode: trigger.mode,
			workflow: trigger.data,
		});
		return {
			workflow,
			node,
			additionalData,
			webhooks: webhooksOf(workflow, node, additionalData, trigger.mode === 'manual'),
		};
	}

	private call(
		trigger: ActiveTrigger,
		request: WebhookRequest,
		response: WebhookResponse,
		body: Buffer,
	) {
		const { webhooks, ...opened } = this.open(trigger);
		const webhook = webhooks.find(({ httpMethod }) => httpMethod === request.method);
		if (!webhook) return undefined;
		return callNodeWebhook(
			{ ...opened, webhook, mode: trigger.mode, start: trigger.stores },
			request,
			response,
			body,
		).then((outcome) => {
			const { staticData } = opened.workflow;
			if (staticData.__dataChanged === true) trigger.data.staticData = asStored(staticData);
			if (outcome) trigger.outcomes.push(outcome);
		});
	}
}

function asStored(staticData: IDataObject): IDataObject {
	return JSON.parse(JSON.stringify(staticData)) as IDataObject;
}

interface OpenTrigger {
	workflow: Workflow;
	node: INode;
	additionalData: ReturnType<typeof createAdditionalData>;
	webhooks: IWebhookData[];
}
