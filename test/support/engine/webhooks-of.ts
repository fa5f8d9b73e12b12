import { NodeHelpers } from 'n8n-workflow';
import type { INode, IWebhookData, IWorkflowExecuteAdditionalData, Workflow } from 'n8n-workflow';

/** The node's webhooks with their paths as n8n registers them. All description fields must be static strings. */
export function webhooksOf(
	workflow: Workflow,
	node: INode,
	additionalData: IWorkflowExecuteAdditionalData,
	isTest = false,
): IWebhookData[] {
	const { description } = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	return (description.webhooks ?? []).flatMap((webhookDescription) => {
		const { httpMethod, path } = webhookDescription;
		const isFullPath = webhookDescription.isFullPath === true;
		const restarts = webhookDescription.restartWebhook === true;
		const ownPath = path.replace(/^\/|\/$/g, '');
		return String(httpMethod)
			.split(',')
			.map((method) => ({
				httpMethod: method.trim() as IWebhookData['httpMethod'],
				node: node.name,
				path: NodeHelpers.getNodeWebhookPath(workflow.id, node, ownPath, isFullPath, restarts),
				webhookDescription,
				workflowId: workflow.id,
				workflowExecuteAdditionalData: additionalData,
				isTest,
			}));
	});
}
