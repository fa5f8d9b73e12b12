import { ExecuteContext, RoutingNode } from 'n8n-core';
import { createEmptyRunExecutionData } from 'n8n-workflow';
import type {
	IAuthenticateRuleResponseCode,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	INodeCredentialTestResult,
	INodeType,
} from 'n8n-workflow';

import { EngineCredentials } from './credentials';
import { EngineNodeTypes } from './node-types';
import type { PackageTypes } from './package-types';
import { openNode } from './panel';

/** As the Test button of a credential: n8n's CredentialsTester, line by line as far as a test request goes. */
export async function testCredential(
	packageTypes: PackageTypes,
	baseUrl: string,
	name: string,
	data: ICredentialDataDecryptedObject,
): Promise<INodeCredentialTestResult> {
	const testRequest = packageTypes.credentials[name]?.test;
	if (!testRequest)
		return { status: 'Error', message: 'No testing function found for this credential.' };
	const nodeType = temporaryNode(name, testRequest);
	const types = { ...packageTypes, nodes: { temp: nodeType } };
	const nodeTypes = new EngineNodeTypes(types, {});
	const parts = { nodeTypes, packageTypes: types, baseUrl };
	const { workflow, node, additionalData } = openNode(parts, {
		type: 'temp',
		credentials: { [name]: data },
	});
	const credentials = new EngineCredentials(packageTypes.credentials, { [name]: data });
	const decrypted = { id: name, name, type: name, data: credentials.withDefaults(data, name) };
	const input = { main: [[{ json: {} }]] };
	const run = createEmptyRunExecutionData();
	const executeData = { node, data: {}, source: null };
	const context = new ExecuteContext(
		workflow,
		node,
		additionalData,
		'internal',
		run,
		0,
		[],
		input,
		executeData,
		[],
	);
	try {
		const output = await new RoutingNode(context, nodeType, decrypted).runNode();
		return judgeBody(testRequest, output?.[0]?.[0]?.json ?? {});
	} catch (error) {
		return judgeError(testRequest, error as RequestFailure);
	}
}

interface RequestFailure extends Error {
	cause?: { response?: { status: number; statusText: string }; code?: string };
}

function temporaryNode(credential: string, { request }: ICredentialTestRequest): INodeType {
	return {
		description: {
			name: 'temp',
			displayName: 'Temp',
			description: '',
			group: [],
			version: 1,
			defaults: {},
			inputs: [],
			outputs: [],
			credentials: [{ name: credential, required: true }],
			properties: [
				{ displayName: 'Temp', name: 'temp', type: 'string', routing: { request }, default: '' },
			],
		},
	};
}

/** A rule of this kind *fails* the test when the value matches. */
function judgeBody(
	{ rules = [] }: ICredentialTestRequest,
	body: object,
): INodeCredentialTestResult {
	for (const rule of rules) {
		if (rule.type !== 'responseSuccessBody') continue;
		const { key, message } = rule.properties;
		if (valueAt(body, key) === rule.properties.value) return { status: 'Error', message };
	}
	return { status: 'OK', message: 'Connection successful!' };
}

function judgeError(
	{ rules = [] }: ICredentialTestRequest,
	{ cause, message }: RequestFailure,
): INodeCredentialTestResult {
	if (cause?.response) {
		const { status, statusText } = cause.response;
		const isRule = (rule: { type: string }): rule is IAuthenticateRuleResponseCode =>
			rule.type === 'responseCode';
		const rule = rules.filter(isRule).find(({ properties }) => properties.value === status);
		if (rule) return { status: 'Error', message: rule.properties.message };
		if (status < 199 || status > 299) {
			return { status: 'Error', message: statusText || `Received HTTP status code: ${status}` };
		}
	} else if (cause?.code) {
		return { status: 'Error', message: cause.code };
	}
	return { status: 'Error', message };
}

function valueAt(body: unknown, path: string): unknown {
	return path
		.split('.')
		.reduce<unknown>(
			(value, key) => (value as Record<string, unknown> | null | undefined)?.[key],
			body,
		);
}
