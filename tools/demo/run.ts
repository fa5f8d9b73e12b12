import {
	CREDENTIAL_TYPE,
	failureOf,
	outputOf,
	readExample,
	seconds,
	withCredential,
	type Execution,
	type N8nApi,
	type StoredCredential,
	type StoredWorkflow,
} from '../../test/support/n8n';
import { saveImages } from './images';
import { withNote } from './note';
import { KLING, REAL_CREDENTIAL, type Target } from './target';

const EXAMPLE = 'image-url-to-files';
/** A little more than the node itself waits. */
const RUN_WITHIN_MS = 16 * 60_000;

/** Real keys that a killed run left behind must not be there for a careless click. */
export async function forgetRealKeys(api: N8nApi): Promise<void> {
	for (const { id, name } of await api.listCredentials()) {
		if (name === REAL_CREDENTIAL) await api.deleteCredential(id);
	}
}

async function putCredential(api: N8nApi, target: Target): Promise<StoredCredential> {
	const { credentialName: name, credential: data } = target;
	const known = (await api.listCredentials()).find((credential) => credential.name === name);
	return known === undefined
		? await api.createCredential(name, CREDENTIAL_TYPE, data)
		: await api.updateCredential(known.id, name, CREDENTIAL_TYPE, data);
}

/** Lays the example with its credential into n8n, or brings the one that is there up to date. */
export async function putExample(api: N8nApi, target: Target): Promise<StoredWorkflow> {
	const credential = await putCredential(api, target);
	const example = withNote(await readExample(EXAMPLE), target.note);
	const workflow = withCredential(await target.prepare(example), credential);
	const known = (await api.listWorkflows()).find(({ name }) => name === workflow.name);
	return known === undefined
		? await api.createWorkflow(workflow)
		: await api.updateWorkflow(known.id, workflow);
}

/** Throws with Kling's or n8n's reason when the run does not succeed. */
async function runToTheEnd(api: N8nApi, workflow: StoredWorkflow): Promise<Execution> {
	const executionId = await api.run(workflow.id, 'Start');
	const execution = await api.waitUntilFinished(executionId, RUN_WITHIN_MS);
	if (execution.status !== 'success') {
		throw new Error(`The workflow ended as "${execution.status}": ${failureOf(execution)}`);
	}
	return execution;
}

/** Runs the example and prints what happened. Gives the execution's id. */
export async function runExample(
	api: N8nApi,
	workflow: StoredWorkflow,
	imageFolder: string,
): Promise<string> {
	console.log(`\nRunning "${workflow.name}" on docs/images/product-front.png ...`);
	const begin = Date.now();
	const execution = await runToTheEnd(api, workflow);
	const [task] = outputOf(execution, KLING);
	console.log(`  task      ${String(task?.json['task_id'])}`);
	console.log(`  completed ${String(task?.json['completed'])}`);
	console.log(`  time      ${seconds(Date.now() - begin)}`);
	console.log('  images');
	for (const { path, width, height, bytes } of await saveImages(api, execution, imageFolder)) {
		console.log(`    ${path}  ${width}x${height}, ${Math.ceil(bytes / 1024)} kB`);
	}
	return execution.id;
}
