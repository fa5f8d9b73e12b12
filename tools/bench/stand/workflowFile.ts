import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
	PACKAGE_NAME,
	withParameters,
	type StoredCredential,
	type Workflow,
} from '../../../test/support/n8n';
import type { KlingPlace } from './remoteKling';

/** Follows the finished task in the workflows of built-in nodes. */
export const IMAGE_URLS = 'Image URLs';
/** Follows this package's node; does nothing. */
export const NEXT_NODE = 'Next';

const FOLDER = join(__dirname, '../workflows');

export interface Credentials {
	/** With an Access Key and a Secret Key. */
	klingApi: StoredCredential;
	/** The same with a Webhook Secret. */
	signed: StoredCredential;
	apiKey: StoredCredential;
	jwtAuth: StoredCredential;
	httpHeaderAuth: StoredCredential;
}

export interface Listen {
	/** Of its webhook; the file's name if not given. */
	path?: string;
	/** Of this package's nodes. */
	keys?: 'klingApi' | 'signed' | 'apiKey';
	edit?: (workflow: Workflow) => Workflow;
}

/** A workflow of tools/bench/workflows that uses this Kling and listens on its path. */
export async function readWorkflow(
	file: string,
	{ path = file, keys = 'klingApi', edit = (workflow) => workflow }: Listen,
	{ baseUrl, accessKey }: KlingPlace,
	credentials: Credentials,
): Promise<Workflow> {
	const text = (await readFile(join(FOLDER, `${file}.json`), 'utf8'))
		.replaceAll('https://api-singapore.klingai.com', baseUrl)
		.replaceAll('YOUR_ACCESS_KEY', accessKey);
	const workflow = edit(JSON.parse(text) as Workflow);
	const nodes = workflow.nodes.map((node) => {
		const type = credentialOf(node.type, node.parameters);
		const isFirst = node === workflow.nodes[0];
		return {
			...node,
			...(isFirst && { webhookId: path }),
			...(isFirst && 'path' in node.parameters && { parameters: { ...node.parameters, path } }),
			...(type && { credentials: { [type]: credentials[type === 'klingApi' ? keys : type] } }),
		};
	});
	return { ...workflow, name: path, nodes };
}

function credentialOf(
	type: string,
	{ genericAuthType }: Record<string, unknown>,
): 'klingApi' | 'jwtAuth' | 'httpHeaderAuth' | undefined {
	if (type.startsWith(`${PACKAGE_NAME}.`)) return 'klingApi';
	if (type === 'n8n-nodes-base.jwt') return 'jwtAuth';
	return genericAuthType === 'httpHeaderAuth' ? 'httpHeaderAuth' : undefined;
}

/** Adds a node whose start is the moment at which the output of `Kling` is there. */
export function withNextNode(workflow: Workflow): Workflow {
	const next = {
		id: '0e000000-0000-4000-8000-000000000001',
		name: NEXT_NODE,
		type: 'n8n-nodes-base.noOp',
		typeVersion: 1,
		position: [600, 0] as [number, number],
		parameters: {},
	};
	return {
		...workflow,
		nodes: [...workflow.nodes, next],
		connections: {
			...workflow.connections,
			Kling: { main: [[{ node: next.name, type: 'main', index: 0 }]] },
		},
	};
}

/** Without the downloads. */
export const urlsOnly = (workflow: Workflow): Workflow =>
	withNextNode(withParameters(workflow, 'Kling', { downloadImages: false }));

/** Replaces a node's options. */
export const withOptions =
	(nodeName: string, options: object) =>
	(workflow: Workflow): Workflow =>
		withParameters(workflow, nodeName, { options });
