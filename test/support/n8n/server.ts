import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { cleanEnvironment, pathStartingWith } from './environment';
import { spawnGuarded } from './guarded';
import type { InstalledN8n } from './install';
import { lastLines } from './npm';
import { freePort } from './ports';
import { processGroup, type ProcessGroup } from './processGroup';

const READY_WITHIN_MS = 180_000;
const LOOK_AGAIN_MS = 200;

/** Modules of n8n 2 that ask the internet; n8n 1 does not start when told of them. */
const CALLING_OUT = 'mcp-registry,instance-ai,agents,chat-hub';

export interface ServerOptions {
	n8n: InstalledN8n;
	/** `worker` and `webhook` (a webhook processor) are the further processes of queue mode. */
	command?: 'start' | 'worker' | 'webhook';
	/** n8n keeps its data in `.n8n` below it. */
	userFolder: string;
	logFile: string;
	/** The first free port from here on; any when left out. */
	port?: number;
	environment?: Record<string, string>;
}

export interface N8nServer extends ProcessGroup {
	/** Without a slash at the end. */
	baseUrl: string;
	port: number;
}

function settings(
	port: number,
	brokerPort: number,
	options: ServerOptions,
): Record<string, string> {
	return {
		PATH: pathStartingWith(dirname(options.n8n.nodeBinary)),
		N8N_USER_FOLDER: options.userFolder,
		N8N_PORT: String(port),
		// Where a worker, which serves nothing else, tells that it is ready.
		QUEUE_HEALTH_CHECK_PORT: String(port),
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: '127.0.0.1',
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '5',
		WEBHOOK_URL: `http://127.0.0.1:${port}/`,
		N8N_SECURE_COOKIE: 'false',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		...(options.n8n.version.startsWith('1.') ? {} : { N8N_DISABLED_MODULES: CALLING_OUT }),
		...options.environment,
	};
}

/** While it migrates, n8n 2.x answers 200 on every address; only the settings then hold data. */
async function isReady(baseUrl: string, { command = 'start' }: ServerOptions): Promise<boolean> {
	try {
		const readiness = await fetch(`${baseUrl}/healthz/readiness`);
		if (readiness.status !== 200) return false;
		if (command !== 'start') return true;
		const answer = await fetch(`${baseUrl}/rest/settings`);
		return (await answer.text()).includes('"data":');
	} catch {
		return false;
	}
}

/** Resolves when n8n works. Rejects with the end of its log when it does not come up. */
async function becomesReady(
	baseUrl: string,
	server: ProcessGroup,
	options: ServerOptions,
): Promise<void> {
	const begin = Date.now();
	while (!(await isReady(baseUrl, options))) {
		const late = Date.now() - begin > READY_WITHIN_MS;
		if (server.isOver() || late) {
			const reason = late
				? `n8n was not ready after ${READY_WITHIN_MS / 1000} s`
				: 'n8n ended while starting';
			throw new Error(
				`${reason}. Its log ends with:\n${lastLines(await readFile(options.logFile, 'utf8'))}`,
			);
		}
		await pause(LOOK_AGAIN_MS);
	}
}

/** Starts n8n and returns at once; await `ready` before using it. */
export async function launchN8n(
	options: ServerOptions,
): Promise<N8nServer & { ready: Promise<void> }> {
	const port = await freePort(options.port ?? 0);
	const brokerPort = await freePort();
	await mkdir(options.userFolder, { recursive: true });
	const log = await open(options.logFile, 'a');
	const { nodeBinary, script } = options.n8n;
	const child = spawnGuarded([nodeBinary, script, options.command ?? 'start'], {
		nodeBinary,
		folder: options.userFolder,
		environment: cleanEnvironment(settings(port, brokerPort, options)),
		output: [log.fd, log.fd],
	});
	const group = processGroup(child);
	await log.close();
	const baseUrl = `http://127.0.0.1:${port}`;
	const ready = becomesReady(baseUrl, group, options);
	ready.catch(() => undefined);
	return { baseUrl, port, ready, ...group };
}

/** Starts n8n and returns when it works. */
export async function startN8n(options: ServerOptions): Promise<N8nServer> {
	const server = await launchN8n(options);
	try {
		await server.ready;
	} catch (error) {
		await server.kill();
		throw error;
	}
	return server;
}
