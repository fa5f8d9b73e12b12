import { fork } from 'node:child_process';
import { join } from 'node:path';

import type { Delivery, KlingOptions, RecordedRequest, Task } from '../../../test/kling';

export interface KlingPlace {
	baseUrl: string;
	accessKey: string;
	secretKey: string;
	apiKey: string;
	/** Of a valid image that this Kling can fetch. */
	imageUrl: string;
}

export interface KlingReport {
	requests: Array<Pick<RecordedRequest, 'operation' | 'status' | 'code' | 'at' | 'ms'>>;
	deliveries: Array<Pick<Delivery, 'at' | 'status'>>;
	tasks: Array<
		Pick<Task, 'task_id' | 'external_task_id' | 'status' | 'created_at' | 'updated_at'> & {
			durationMs: number;
		}
	>;
}

export type Command =
	| { name: 'open'; options: KlingOptions }
	| { name: 'report' }
	| { name: 'finishedTasks'; count: number };

export interface RemoteKling {
	/** Starts over with an empty account; URL and keys stay the same. */
	open: (options: Omit<KlingOptions, 'log'>) => Promise<KlingPlace>;
	report: () => Promise<KlingReport>;
	/** Creates tasks that have succeeded. Returns their IDs. */
	finishedTasks: (count: number) => Promise<string[]>;
	close: () => void;
}

interface Answer {
	id: number;
	value?: unknown;
	error?: string;
}

export function forkKling(): RemoteKling {
	const child = fork(join(__dirname, 'klingProcess.ts'), { execArgv: process.execArgv });
	const asked = new Map<number, { resolve: (value: never) => void; reject: (e: Error) => void }>();
	let last = 0;
	child.on('message', ({ id, value, error }: Answer) => {
		const one = asked.get(id);
		asked.delete(id);
		if (error === undefined) one?.resolve(value as never);
		else one?.reject(new Error(error));
	});
	child.on('exit', (code) => {
		for (const { reject } of asked.values()) reject(new Error(`The local Kling ended: ${code}`));
	});

	async function ask<Result>(command: Command): Promise<Result> {
		return await new Promise((resolve, reject) => {
			const id = ++last;
			asked.set(id, { resolve, reject });
			child.send({ id, command });
		});
	}

	return {
		open: async (options) => await ask({ name: 'open', options }),
		report: async () => await ask({ name: 'report' }),
		finishedTasks: async (count) => await ask({ name: 'finishedTasks', count }),
		close: () => child.kill(),
	};
}
