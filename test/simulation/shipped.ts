import { createRequire } from 'node:module';
import path from 'node:path';
import { compileFunction } from 'node:vm';
import { build, type Plugin } from 'esbuild';
import * as n8nWorkflow from 'n8n-workflow';
import type { ICredentialType, INodeType } from 'n8n-workflow';

export const ROOT = path.resolve(__dirname, '../..');

/** What one process of n8n has loaded of this package. */
export interface Loaded {
	node: INodeType;
	element: INodeType;
	trigger: INodeType;
	credential: ICredentialType;
}

type Sleep = typeof n8nWorkflow.sleep;

/** A fresh evaluation: whatever the package remembers begins empty. */
export type LoadPackage = (sleep: Sleep) => Loaded;

interface Exports {
	KlingAiMultiShot: new () => INodeType;
	KlingAiMultiShotTrigger: new () => INodeType;
	KlingElement: new () => INodeType;
	KlingApi: new () => ICredentialType;
}

type Evaluate = (require: NodeJS.Require, module: { exports: object }, exports: object) => void;

export interface BundleOptions {
	/** Another checkout of this project. */
	source?: string | undefined;
	plugins?: Plugin[];
	/** For n8n's engine, which reads them. */
	displayOptions?: boolean;
}

/** Bundles the shipped sources once. */
export async function bundlePackage({
	source = ROOT,
	plugins = [],
	displayOptions = false,
}: BundleOptions = {}): Promise<LoadPackage> {
	const nodes = './nodes/KlingAiMultiShot';
	const { outputFiles } = await build({
		stdin: {
			contents: `
				export { KlingAiMultiShot } from '${nodes}/KlingAiMultiShot.node';
				export { KlingAiMultiShotTrigger } from '${nodes}/KlingAiMultiShotTrigger.node';
				export { KlingElement } from './nodes/KlingElement/KlingElement.node';
				export { KlingApi } from './credentials/KlingApi.credentials';
			`,
			resolveDir: path.resolve(source),
		},
		bundle: true,
		preserveSymlinks: true,
		write: false,
		platform: 'node',
		target: 'node20',
		format: 'cjs',
		external: ['n8n-workflow', 'node:*'],
		plugins,
	});
	const code = outputFiles[0]?.text ?? '';
	const evaluate = compileFunction(code, ['require', 'module', 'exports']) as Evaluate;
	const realRequire = createRequire(__filename);
	// The simulation reads no display options, which take n8n longer than a world.
	const updateDisplayOptions = (_display: object, fields: object[]) => fields;
	const workflowExports = { ...n8nWorkflow, ...(!displayOptions && { updateDisplayOptions }) };
	return (sleep) => {
		const module = { exports: {} };
		const library = { ...workflowExports, sleep };
		const require = ((name: string): unknown =>
			name === 'n8n-workflow' ? library : (realRequire(name) as unknown)) as NodeJS.Require;
		evaluate(require, module, module.exports);
		const { KlingAiMultiShot, KlingAiMultiShotTrigger, KlingElement, KlingApi } =
			module.exports as Exports;
		return {
			node: new KlingAiMultiShot(),
			element: new KlingElement(),
			trigger: new KlingAiMultiShotTrigger(),
			credential: new KlingApi(),
		};
	};
}
