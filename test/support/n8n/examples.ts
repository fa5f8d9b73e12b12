import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';

import { CREDENTIAL_TYPE, PACKAGE_NAME } from './package';
import type { StoredCredential, Workflow, WorkflowNode } from './types';

const FOLDER = resolve(__dirname, '../../../docs/workflows');

/** Names of the workflows in docs/workflows. */
export const EXAMPLES = readdirSync(FOLDER).map((file) => basename(file, '.json'));

/** What a user copies. */
export async function textOfExample(name: string): Promise<string> {
	return await readFile(join(FOLDER, `${name}.json`), 'utf8');
}

export async function readExample(name: string): Promise<Workflow> {
	return JSON.parse(await textOfExample(name)) as Workflow;
}

export function nodeNamed(workflow: Workflow, name: string): WorkflowNode {
	const node = workflow.nodes.find((candidate) => candidate.name === name);
	if (node === undefined) throw new Error(`Workflow "${workflow.name}" has no node "${name}"`);
	return node;
}

/** How the types of the nodes begin that always need the credential. */
const NEEDED_BY: Record<string, string> = {
	[CREDENTIAL_TYPE]: `${PACKAGE_NAME}.`,
	openAiApi: '@n8n/n8n-nodes-langchain.lmChatOpenAi',
};

/** A copy in which every node that asks for the credential uses it, as a user chooses it after pasting. */
export function withCredential(workflow: Workflow, credential: StoredCredential): Workflow {
	const { id, name, type } = credential;
	const asksFor = ({ type: nodeType, parameters }: WorkflowNode): boolean =>
		nodeType.startsWith(NEEDED_BY[type] ?? '-') || parameters['nodeCredentialType'] === type;
	const nodes = workflow.nodes.map((node) =>
		asksFor(node) ? { ...node, credentials: { ...node.credentials, [type]: { id, name } } } : node,
	);
	return { ...workflow, nodes };
}

/** A copy in which one node's parameters are changed. */
export function withParameters(
	workflow: Workflow,
	nodeName: string,
	parameters: Record<string, unknown>,
): Workflow {
	const chosen = nodeNamed(workflow, nodeName);
	const nodes = workflow.nodes.map((node) =>
		node === chosen ? { ...node, parameters: { ...node.parameters, ...parameters } } : node,
	);
	return { ...workflow, nodes };
}

/** A copy in which an Edit Fields node gives other values to some of its fields. */
export function withValues(
	workflow: Workflow,
	nodeName: string,
	values: Record<string, string>,
): Workflow {
	const fields = nodeNamed(workflow, nodeName).parameters['assignments'] as {
		assignments: Array<{ name: string; value: unknown }>;
	};
	const assignments = fields.assignments.map((field) => ({
		...field,
		value: values[field.name] ?? field.value,
	}));
	return withParameters(workflow, nodeName, { assignments: { assignments } });
}
