import { seededRandom, type Kling, type RecordedRequest } from '../kling';
import type { Execution, WorkflowNode } from '../support/n8n';
import { singleNodeWorkflow, type Stage } from './stage';

type NodeSettings = Pick<Partial<WorkflowNode>, 'retryOnFail' | 'onError'>;

export const numbered = (count: number): object[] =>
	Array.from({ length: count }, (_, number) => ({ number }));

/** Items that each bring an External Task ID of their own. */
export const skus = (scenario: string, count: number): object[] =>
	Array.from({ length: count }, (_, number) => ({ sku: `${scenario}-${number}` }));

/** The option, for {@link skus}. */
export const externalTaskId = '={{ $json.sku }}';

/** Create Task without waiting, run once for each item by a workflow of its own. Gives the workflow's id, too. */
export async function runCreate(
	stage: Stage,
	items: object[],
	{ options = {}, ...settings }: NodeSettings & { options?: object } = {},
): Promise<Execution> {
	const parameters = {
		operation: 'create',
		imageUrl: stage.imageUrl,
		waitForCompletion: false,
		options,
	};
	const workflow = singleNodeWorkflow(parameters, items);
	const nodes = workflow.nodes.map((one) => (one.name === 'Kling' ? { ...one, ...settings } : one));
	const { id } = await stage.put({ ...workflow, nodes });
	return await stage.api.waitUntilFinished(await stage.api.run(id, 'Start'), 120_000);
}

/** Drops a share of the creates' connections; of one task at most three, since the fifth failure in a row is an error. */
export function dropCreates(kling: Kling, when: 'before' | 'after', share: number): () => number {
	const random = seededRandom(7);
	const dropped = new Map<string, number>();
	const fault = kling.fault({
		on: 'create',
		kind: 'drop',
		when,
		times: Infinity,
		matching(request) {
			const id = externalIdOf(request);
			const before = dropped.get(id) ?? 0;
			if (before >= 3 || random() >= share) return false;
			dropped.set(id, before + 1);
			return true;
		},
	});
	return () => fault.hits;
}

/** Ends all tasks once a second, those of elements too. Until then Kling shows no external id of theirs. */
export function keepEnding(kling: Kling): () => void {
	const timer = setInterval(() => {
		for (const { task_id, status } of [...kling.tasks, ...kling.elementTasks])
			if (status === 'submitted') void kling.move(task_id, 'succeed');
	}, 1_000);
	return () => clearInterval(timer);
}

function externalIdOf({ body }: RecordedRequest): string {
	const sent = typeof body === 'object' && body !== null ? body : {};
	return 'external_task_id' in sent ? String(sent.external_task_id) : '';
}
