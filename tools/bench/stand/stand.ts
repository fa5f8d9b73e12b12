import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { KlingOptions } from '../../../test/kling';
import {
	connect,
	startN8n,
	type Execution,
	type ExecutionStatus,
	type N8nApi,
} from '../../../test/support/n8n';
import type { Bench } from '../bench';
import { cpuMsOf, rssMbOf } from './processes';
import type { KlingPlace, RemoteKling } from './remoteKling';
import { createCredentials } from './credentials';
import { allExecutionIds } from './executionIds';
import { readWorkflow, type Listen } from './workflowFile';

export interface Listening {
	workflowId: string;
	/** Starts a production execution. Returns the HTTP status. */
	start: (body: object, headers?: Record<string, string>) => Promise<number>;
	/** Of the executions started so far, oldest first. */
	executionIds: (status?: ExecutionStatus) => Promise<string[]>;
}

/** A real n8n and the local Kling that its credentials are for. */
export interface Stand {
	api: N8nApi;
	kling: RemoteKling;
	place: KlingPlace;
	/** Starts over with other tasks; credentials and workflows stay valid. */
	openKling: (options?: Omit<KlingOptions, 'log'>) => Promise<KlingPlace>;
	/** Creates a workflow of tools/bench/workflows and publishes it. */
	listen: (file: string, options?: Listen) => Promise<Listening>;
	/** Used by n8n and its child processes since their start. */
	cpuMs: () => number;
	rssMb: () => number;
	group: () => number;
	execution: (id: string) => Promise<Execution>;
	/** kill -9, and a new start on the same data. */
	crash: () => Promise<void>;
	restart: () => Promise<void>;
	close: () => Promise<void>;
}

interface StandOptions {
	environment?: Record<string, string>;
	kling?: Omit<KlingOptions, 'log'>;
	/** Its own, if several stands run at the same time. */
	remote?: RemoteKling;
}

/** All callbacks are signed with it; only a credential with a Webhook Secret verifies them. */
export const WEBHOOK_SECRET = 'whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI=';

export async function openStand(bench: Bench, options: StandOptions = {}): Promise<Stand> {
	const { n8n, owner } = bench;
	const kling = options.remote ?? bench.kling;
	const userFolder = await bench.userFolder();
	const server = {
		n8n,
		userFolder,
		logFile: join(userFolder, 'n8n.log'),
		environment: options.environment ?? {},
	};
	let running = await startN8n(server);
	const api = connect(running.baseUrl, n8n.version);
	await api.logIn(owner);
	const openKling = async (given: Omit<KlingOptions, 'log'> = {}) =>
		await kling.open({ webhookSecret: WEBHOOK_SECRET, ...given });
	const place = await openKling(options.kling);
	const credentials = await createCredentials(api, place, WEBHOOK_SECRET);

	return {
		api,
		kling,
		place,
		openKling,
		async listen(file, listen = {}) {
			const workflow = await readWorkflow(file, listen, place, credentials);
			const stored = await api.createWorkflow(workflow);
			await api.activate(stored);
			const isTrigger = file === 'ours-trigger';
			const url = `${running.baseUrl}/webhook/${workflow.name}${isTrigger ? '/kling-ai-multi-shot' : ''}`;
			return {
				workflowId: stored.id,
				start: async (body, headers) => await post(url, body, headers),
				executionIds: async (status) => await allExecutionIds(api, stored.id, status),
			};
		},
		cpuMs: () => cpuMsOf(running.processId),
		rssMb: () => rssMbOf(running.processId),
		group: () => running.processId,
		execution: async (id) => await api.getExecution(id),
		crash: async () => await running.kill(),
		async restart() {
			running = await startN8n({ ...server, port: running.port });
			await api.logIn(owner);
		},
		async close() {
			await running.kill();
			await rm(userFolder, { recursive: true, force: true });
		},
	};
}

async function post(url: string, body: object, headers: Record<string, string> = {}) {
	const answer = await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json; charset=utf-8', connection: 'close', ...headers },
		body: JSON.stringify(body),
	});
	await answer.arrayBuffer();
	return answer.status;
}
