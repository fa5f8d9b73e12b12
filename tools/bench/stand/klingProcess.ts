import { setMaxListeners } from 'node:events';

import { makeImage, startKling, type Kling, type KlingOptions } from '../../../test/kling';
import type { Command, KlingReport, KlingPlace } from './remoteKling';

/** The local Kling in its own process, so that its CPU time is not counted. Ends with its parent. */

// Many callbacks are in flight at once, and each listens for the end.
setMaxListeners(1_000);

/** Stays the same when a Kling is opened again, so that credentials stay valid. */
let kept: { port: number; accessKey: string; secretKey: string; apiKey: string } | undefined;
let kling: Kling | undefined;

async function open(options: KlingOptions): Promise<KlingPlace> {
	await kling?.close();
	kling = await startKling({ mode: 'auto', ...kept, ...options });
	const { baseUrl, accessKey, secretKey, apiKey } = kling;
	kept = { port: Number(new URL(baseUrl).port), accessKey, secretKey, apiKey };
	const imageUrl = kling.imageUrl(await makeImage({ width: 300, height: 300, type: 'png' }));
	return { baseUrl, accessKey, secretKey, apiKey, imageUrl };
}

function report({ requests, deliveries, tasks }: Kling): KlingReport {
	return {
		requests: requests.map(({ operation, status, code, at, ms }) => ({
			operation,
			status,
			code,
			at,
			ms,
		})),
		deliveries: deliveries.map(({ at, status }) => ({ at, status })),
		tasks: tasks.map((task) => ({
			task_id: task.task_id,
			external_task_id: task.external_task_id,
			status: task.status,
			created_at: task.created_at,
			updated_at: task.updated_at,
			durationMs: task.durationMs ?? 0,
		})),
	};
}

async function work(command: Command): Promise<unknown> {
	if (command.name === 'open') return await open(command.options);
	if (kling === undefined) throw new Error('No Kling was opened');
	if (command.name === 'report') return report(kling);
	const account = kling;
	return Array.from(
		{ length: command.count },
		() => account.createTask({ status: 'succeed' }).task_id,
	);
}

process.on('message', ({ id, command }: { id: number; command: Command }) => {
	work(command).then(
		(value) => process.send?.({ id, value }),
		(error: unknown) => process.send?.({ id, error: String(error) }),
	);
});
process.on('disconnect', () => process.exit());
