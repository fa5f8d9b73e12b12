import { makeImage, startKling, type Kling } from '../kling';
import {
	ACTION_TYPE,
	connect,
	CREDENTIAL_TYPE,
	outputOf,
	withCredential,
	type Execution,
	type Item,
	type N8nApi,
	type StoredCredential,
	type StoredWorkflow,
	type Workflow,
} from '../support/n8n';
import { link, node, start } from './nodes';
import { place } from './shared';

export interface Stage {
	api: N8nApi;
	kling: Kling;
	credential: StoredCredential;
	credentialData: Record<string, string>;
	/** Address of a proper image that the local Kling can fetch. */
	imageUrl: string;
	/** Makes a workflow that uses the stage's credential. */
	put: (workflow: Workflow) => Promise<StoredWorkflow>;
	/** Runs the node "Kling" once for each of `items` and waits for the end. */
	runNode: (parameters: Record<string, unknown>, items?: unknown[]) => Promise<Execution>;
	/** The same, for the output of a run that has to succeed. */
	outputOfNode: (parameters: Record<string, unknown>, items?: unknown[]) => Promise<Item[]>;
	close: () => Promise<void>;
}

/** Start → Items → Kling. */
export function singleNodeWorkflow(
	parameters: Record<string, unknown>,
	items: unknown[],
): Workflow {
	const jsCode = `return ${JSON.stringify(items.map((json) => ({ json })))};`;
	return {
		name: `One node: ${String(parameters['operation'])}`,
		nodes: [
			start,
			node('Items', 'n8n-nodes-base.code', 2, { jsCode }),
			node('Kling', ACTION_TYPE, 1, parameters),
		],
		connections: link('Start', 'Items', 'Kling'),
	};
}

/** The shared n8n, with a Kling and a credential of the test file's own. Tasks move when told. */
export async function openStage(): Promise<Stage> {
	const { baseUrl, version, owner } = place();
	const api = connect(baseUrl, version);
	await api.logIn(owner);
	const kling = await startKling({ mode: 'manual', slots: 5 });
	const credentialData = {
		authentication: 'accessKey',
		accessKey: kling.accessKey,
		secretKey: kling.secretKey,
		region: 'custom',
		baseUrl: kling.baseUrl,
	};
	const credential = await api.createCredential('Local Kling', CREDENTIAL_TYPE, credentialData);
	const put = async (workflow: Workflow): Promise<StoredWorkflow> =>
		await api.createWorkflow(withCredential(workflow, credential));
	const runNode: Stage['runNode'] = async (parameters, items = [{}]) => {
		const workflow = await put(singleNodeWorkflow(parameters, items));
		return await api.waitUntilFinished(await api.run(workflow.id, 'Start'));
	};
	return {
		api,
		kling,
		credential,
		credentialData,
		imageUrl: kling.imageUrl(await makeImage()),
		put,
		runNode,
		async outputOfNode(parameters, items) {
			const execution = await runNode(parameters, items);
			expect(execution).toMatchObject({ status: 'success' });
			return outputOf(execution, 'Kling');
		},
		close: async () => {
			await kling.close();
		},
	};
}

/**
 * A stage for the tests of one file. It is there once the tests run.
 * @param cleanUp what still needs it after the last test
 */
export function useStage(cleanUp: () => unknown = () => undefined): Stage {
	const stage = {} as Stage;
	beforeAll(async () => {
		Object.assign(stage, await openStage());
	});
	afterAll(async () => {
		await cleanUp();
		await stage.close();
	});
	return stage;
}
