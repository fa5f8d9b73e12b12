import { NodeConnectionTypes, NodeHelpers } from 'n8n-workflow';
import type { IDataObject, INodeType, INodeTypes, IVersionedNodeType } from 'n8n-workflow';

import { PACKAGE_NAME, type PackageTypes } from './package-types';

/**
 * Node types under the names that workflows use: `<package>.<node>` for ours, `test.<node>`
 * for the tests' own, and `<package>.<node>Tool` for a node that an AI agent uses.
 */
export class EngineNodeTypes implements INodeTypes {
	private readonly types: Record<string, INodeType | IVersionedNodeType> = {};

	constructor(packageTypes: PackageTypes, testTypes: Record<string, INodeType>) {
		for (const [name, type] of Object.entries(packageTypes.nodes))
			this.types[`${PACKAGE_NAME}.${name}`] = type;
		for (const [name, type] of Object.entries(testTypes)) this.types[`test.${name}`] = type;
	}

	getByName(name: string): INodeType | IVersionedNodeType {
		const type = this.types[name];
		if (!type)
			throw new Error(`Unknown node type ${name}; there are ${Object.keys(this.types).join(', ')}`);
		return type;
	}

	getByNameAndVersion(name: string, version?: number): INodeType {
		if (!(name in this.types) && name.endsWith('Tool')) {
			return asTool(this.getByNameAndVersion(name.slice(0, -'Tool'.length), version));
		}
		return NodeHelpers.getVersionedNodeType(this.getByName(name), version);
	}

	getKnownTypes(): IDataObject {
		return {};
	}
}

/** What n8n (not n8n-core) does in its NodeTypes and convertNodeToAiTool, less the panel's extra fields. */
function asTool(nodeType: INodeType): INodeType {
	const { description } = nodeType;
	if (!description.usableAsTool)
		throw new Error(`Node ${description.name} cannot be used as a tool`);
	const { usableAsTool, ...rest } = description;
	const tool = Object.create(nodeType) as INodeType;
	tool.description = {
		...rest,
		...(typeof usableAsTool === 'object' ? usableAsTool.replacements : {}),
		name: `${description.name}Tool`,
		displayName: `${description.displayName} Tool`,
		inputs: [],
		outputs: [NodeConnectionTypes.AiTool],
	};
	return tool;
}
