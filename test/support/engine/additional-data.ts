import { ExternalSecretsProxy, ExecutionLifecycleHooks } from 'n8n-core';
import type {
	ExecutionStatus,
	ICredentialsHelper,
	INodeParameters,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';

export interface AdditionalDataOptions {
	credentials: ICredentialsHelper;
	baseUrl: string;
	mode: WorkflowExecuteMode;
	workflow: IWorkflowBase;
	executionId?: string | undefined;
	nodeParameters?: INodeParameters | undefined;
	onStatus?: ((status: ExecutionStatus) => void) | undefined;
}

/** What n8n hands to the engine beside the workflow; what these nodes never touch throws. */
export function createAdditionalData(
	options: AdditionalDataOptions,
): IWorkflowExecuteAdditionalData {
	const { baseUrl, executionId = '', mode, workflow } = options;
	return {
		credentialsHelper: options.credentials,
		hooks: new ExecutionLifecycleHooks(mode, executionId, workflow),
		externalSecretsProxy: new ExternalSecretsProxy(),
		currentNodeExecutionIndex: 0,
		instanceBaseUrl: `${baseUrl}/`,
		restApiUrl: `${baseUrl}/rest`,
		webhookBaseUrl: `${baseUrl}/webhook`,
		webhookTestBaseUrl: `${baseUrl}/webhook-test`,
		webhookWaitingBaseUrl: `${baseUrl}/webhook-waiting`,
		formBaseUrl: `${baseUrl}/form`,
		formTestBaseUrl: `${baseUrl}/form-test`,
		formWaitingBaseUrl: `${baseUrl}/form-waiting`,
		mcpBaseUrl: `${baseUrl}/mcp`,
		mcpTestBaseUrl: `${baseUrl}/mcp-test`,
		variables: {},
		workflowId: workflow.id,
		logAiEvent: () => undefined,
		executeWorkflow: notHere('executeWorkflow'),
		getRunExecutionData: notHere('getRunExecutionData'),
		getRuntimeCredential: notHere('getRuntimeCredential'),
		startRunnerTask: notHere('startRunnerTask'),
		...(options.executionId === undefined ? {} : { executionId }),
		...(options.nodeParameters ? { currentNodeParameters: options.nodeParameters } : {}),
		...(options.onStatus ? { setExecutionStatus: options.onStatus } : {}),
	};
}

function notHere(name: string): () => Promise<never> {
	return async () => await Promise.reject(new Error(`The test engine has no ${name}`));
}
