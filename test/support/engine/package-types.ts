import { join, resolve } from 'node:path';

import { PackageDirectoryLoader } from 'n8n-core';
import { NodeHelpers } from 'n8n-workflow';
import type { ICredentialType, INodeType, IVersionedNodeType } from 'n8n-workflow';

import packageJson from '../../../package.json';

export const PACKAGE_NAME = packageJson.name;
const PACKAGE_FOLDER = resolve(__dirname, '../../..');

/** Names without the package's prefix, as in `description.name`. */
export interface PackageTypes {
	nodes: Record<string, INodeType | IVersionedNodeType>;
	credentials: Record<string, ICredentialType>;
}

/** The built package, loaded from its folder by n8n's own loader. */
export async function loadBuiltPackage(folder = PACKAGE_FOLDER): Promise<PackageTypes> {
	const loader = new PackageDirectoryLoader(folder);
	await loader.loadAll();
	return {
		nodes: mapValues(loader.nodeTypes, ({ type }) => type),
		credentials: mapValues(loader.credentialTypes, ({ type }) => type),
	};
}

/** The TypeScript classes behind the paths that package.json gives to n8n. */
export async function loadSource(): Promise<PackageTypes> {
	const nodes = await instances<INodeType | IVersionedNodeType>(packageJson.n8n.nodes);
	const credentials = await instances<ICredentialType>(packageJson.n8n.credentials);
	return {
		nodes: Object.fromEntries(nodes.map((node) => [node.description.name, node])),
		credentials: Object.fromEntries(credentials.map((credential) => [credential.name, credential])),
	};
}

/** n8n's rule: the class bears the name of its file up to the first dot. */
async function instances<T>(builtPaths: string[]): Promise<T[]> {
	return await Promise.all(
		builtPaths.map(async (builtPath) => {
			const source = builtPath.replace(/^dist\//, '').replace(/\.js$/, '');
			const className = source.split('/').at(-1)?.split('.')[0] ?? '';
			const exported = (await import(join(PACKAGE_FOLDER, source))) as Record<
				string,
				(new () => T) | undefined
			>;
			const loadedClass = exported[className];
			if (!loadedClass) throw new Error(`${source} exports no class ${className}`);
			return new loadedClass();
		}),
	);
}

export function latestVersion(type: INodeType | IVersionedNodeType): number {
	const { description } = NodeHelpers.getVersionedNodeType(type);
	return description.defaultVersion ?? [description.version].flat().at(-1) ?? 1;
}

function mapValues<In, Out>(
	record: Record<string, In>,
	change: (value: In) => Out,
): Record<string, Out> {
	return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
