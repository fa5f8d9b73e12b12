import { HookContext, LoadOptionsContext } from 'n8n-core';
import type {
	IHookFunctions,
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodeParameters,
	WebhookSetupMethodNames,
} from 'n8n-workflow';

import { createAdditionalData } from './additional-data';
import { EngineCredentials, type CredentialData } from './credentials';
import type { EngineNodeTypes } from './node-types';
import { PACKAGE_NAME, type PackageTypes } from './package-types';
import { buildWorkflow } from './workflow';

export interface EngineParts {
	nodeTypes: EngineNodeTypes;
	packageTypes: PackageTypes;
	baseUrl: string;
}

export interface OneNode {
	type: string;
	parameters?: INodeParameters | undefined;
	credentials: CredentialData;
}

/** As the editor fills a resource locator's list. */
export async function listSearch(
	parts: EngineParts,
	one: OneNode,
	methodName: string,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const { workflow, node, additionalData, nodeType } = openNode(parts, one);
	const method = nodeType.methods?.listSearch?.[methodName];
	if (!method) throw new Error(`${one.type} has no list search "${methodName}"`);
	const context = new LoadOptionsContext(
		workflow,
		node,
		additionalData,
		'',
	) as ILoadOptionsFunctions;
	return await method.call(context, filter, paginationToken);
}

/** As n8n does when a workflow with the trigger is activated or deactivated. */
export async function callWebhookMethod(
	parts: EngineParts,
	one: OneNode,
	methodName: WebhookSetupMethodNames,
): Promise<boolean> {
	const { workflow, node, additionalData, nodeType } = openNode(parts, one);
	const method = nodeType.webhookMethods?.default?.[methodName];
	if (!method) throw new Error(`${one.type} has no webhook method ${methodName}`);
	return await method.call(
		new HookContext(workflow, node, additionalData, 'trigger', 'activate') as IHookFunctions,
	);
}

/** A node outside of any execution, as the editor has it. */
export function openNode(
	{ nodeTypes, packageTypes, baseUrl }: EngineParts,
	{ type, parameters = {}, credentials }: OneNode,
) {
	const plan = { nodes: [{ name: 'Temp-Node', type, parameters }], connections: [] };
	const { workflow, data } = buildWorkflow(plan, nodeTypes, PACKAGE_NAME, Object.keys(credentials));
	const [node] = data.nodes;
	if (!node) throw new Error('The workflow has no node');
	const additionalData = createAdditionalData({
		credentials: new EngineCredentials(packageTypes.credentials, credentials),
		baseUrl,
		mode: 'internal',
		workflow: data,
		nodeParameters: parameters,
	});
	return {
		workflow,
		node,
		additionalData,
		nodeType: nodeTypes.getByNameAndVersion(node.type, node.typeVersion),
	};
}
