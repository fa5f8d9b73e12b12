import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import type { KlingOptions } from '../../kling';
import {
	connect,
	CREDENTIAL_TYPE,
	N8nError,
	startN8n,
	type Execution,
	type ExecutionStatus,
	type N8nApi,
} from '../../support/n8n';
import type { Bench } from '../bench';
import { median } from '../numbers';
import { cpuMsOf, rssMbOf } from './processes';
import type { KlingPlace, RemoteKling } from './remoteKling';
import { readWorkflow, type Credentials, type Listen } from './workflowFile';

export interface Listening {
	workflowId: string;
	/** Starts the workflow as production does. */
	start: (body: object, headers?: Record<string, string>) => Promise<number>;
	/** Of the executions begun so far, oldest first, without their data. */
	executionIds: (status?: ExecutionStatus) => Promise<string[]>;
}

/** A real n8n and the local Kling that its credentials are for. */
export interface Stand {
	api: N8nApi;
	kling: RemoteKling;
	place: KlingPlace;
	/** Begins anew with other tasks; what has been made goes on working with it. */
	openKling: (options?: Omit<KlingOptions, 'log'>) => Promise<KlingPlace>;
	/** Makes a workflow of test/bench/workflows and publishes it. */
	listen: (file: string, options?: Listen) => Promise<Listening>;
	/** Used by n8n and its children since their start. */
	cpuMs: () => number;
	/** Of an n8n that nobody calls: milliseconds of CPU for each millisecond. */
	idleShare: () => Promise<number>;
	rssMb: () => number;
	group: () => number;
	execution: (id: string) => Promise<Execution>;
	/** kill -9, and a new start on the same data. */
	crash: () => Promise<void>;
	restart: () => Promise<void>;
	close: () => Promise<void>;
}

/** An idle n8n uses some ticks now and then. */
const [QUIET_LOOK_MS, QUIET_CPU_MS] = [400, 40];
const IDLE_AFTER_MS = 5_000;
/** The median of several looks: now and then n8n tidies up. */
const [IDLE_MS, IDLE_LOOKS] = [3_000, 7];

interface StandOptions {
	environment?: Record<string, string>;
	kling?: Omit<KlingOptions, 'log'>;
	/** One of its own, where several stands work at the same time. */
	remote?: RemoteKling;
}

/** All callbacks are signed with it; who has no secret does not look. */
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
	const credentials = await makeCredentials(api, place);

	async function idleShare(): Promise<number> {
		await pause(IDLE_AFTER_MS);
		const shares: number[] = [];
		for (let look = 0; look < IDLE_LOOKS; look++) {
			const [before, at] = [cpuMsOf(running.processId), Date.now()];
			await pause(IDLE_MS);
			shares.push((cpuMsOf(running.processId) - before) / (Date.now() - at));
		}
		return median(shares);
	}

	return {
		api,
		idleShare,
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

async function makeCredentials(
	api: N8nApi,
	{ baseUrl, accessKey, secretKey, apiKey }: KlingPlace,
): Promise<Credentials> {
	const keys = { authentication: 'accessKey', accessKey, secretKey, region: 'custom', baseUrl };
	return {
		klingApi: await api.createCredential('Kling', CREDENTIAL_TYPE, keys),
		signed: await api.createCredential('Kling, signed', CREDENTIAL_TYPE, {
			...keys,
			webhookSecret: WEBHOOK_SECRET,
		}),
		apiKey: await api.createCredential('Kling, API key', CREDENTIAL_TYPE, {
			...keys,
			authentication: 'apiKey',
			apiKey,
		}),
		jwtAuth: await api.createCredential('JWT', 'jwtAuth', {
			keyType: 'passphrase',
			secret: secretKey,
			algorithm: 'HS256',
		}),
		httpHeaderAuth: await api.createCredential('Header', 'httpHeaderAuth', {
			name: 'Authorization',
			value: `Bearer ${apiKey}`,
		}),
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

async function allExecutionIds(
	{ session }: N8nApi,
	workflowId: string,
	status?: ExecutionStatus,
): Promise<string[]> {
	const ids: string[] = [];
	const filter = JSON.stringify({ workflowId, ...(status && { status: [status] }) });
	for (let cursor = ''; ;) {
		const query = new URLSearchParams({ filter, limit: '100', ...(cursor && { cursor }) });
		const { results, nextCursor } = await patiently(
			async () =>
				await session.request<{ results: Array<{ id: string }>; nextCursor?: string | null }>(
					'GET',
					`/rest/executions?${query.toString()}`,
				),
		);
		ids.push(...results.map(({ id }) => id));
		if (!nextCursor) return ids.reverse();
		cursor = nextCursor;
	}
}

/** An n8n with hundreds of executions at work says now and then that its database is not ready. */
async function patiently<Answer>(ask: () => Promise<Answer>, tries = 30): Promise<Answer> {
	try {
		return await ask();
	} catch (error) {
		if (!(error instanceof N8nError && error.status === 503) || tries <= 1) throw error;
		await pause(1_000);
		return await patiently(ask, tries - 1);
	}
}

/** n8n has nothing more to do: what it writes down after an execution is part of its work. */
export async function untilQuiet(stand: Stand): Promise<void> {
	for (let [before, quiet] = [stand.cpuMs(), 0]; quiet < 2;) {
		await pause(QUIET_LOOK_MS);
		const now = stand.cpuMs();
		quiet = now - before <= QUIET_CPU_MS ? quiet + 1 : 0;
		before = now;
	}
}

export async function until(
	what: string,
	isTrue: () => Promise<boolean>,
	timeoutMs: number,
	everyMs = 250,
): Promise<void> {
	for (const end = Date.now() + timeoutMs; !(await isTrue()); await pause(everyMs))
		if (Date.now() > end) throw new Error(`Not within ${timeoutMs / 1000} s: ${what}`);
}
