import type { INodeParameters } from 'n8n-workflow';
import { makeImage, type Kling } from '../../../kling';
import type { Engine, NodeRunOptions } from '../../../support/engine';

export type RunOptions = Omit<NodeRunOptions, 'parameters' | 'type'>;

/** One run of Kling Element. */
export async function runElement(
	{ engine }: { engine: Engine },
	parameters: INodeParameters,
	options: RunOptions = {},
) {
	return await engine.runNode({ type: 'klingElement', parameters, ...options });
}

/** Address of a front image that the local Kling can fetch. */
export async function frontOf(kling: Kling): Promise<string> {
	return kling.imageUrl(await makeImage({ width: 300, height: 300, type: 'png' }));
}

/** What Create Task outputs with One Item per Image: nine items of one finished task. */
export async function imageItems(kling: Kling, external_task_id?: string) {
	const front_image_url = await frontOf(kling);
	const { task_id } = kling.createTask({
		status: 'succeed',
		...(external_task_id !== undefined && { external_task_id }),
	});
	return [1, 2, 3].flatMap((set) =>
		[1, 2, 3].map((view) => ({
			json: { task_id, set, view, front_image_url },
		})),
	);
}

export const CREATE = {
	operation: 'create',
	elementName: 'Red sneaker',
	elementDescription: 'A red sneaker with a white sole',
} as const;
