import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { freePort, type InstalledN8n } from '../../support/n8n';
import { POSTGRES_USER, runSql, startPostgres } from '../../support/servers/postgres';
import { startRedis } from '../../support/servers/redis';
import type { Server } from '../../support/servers/launch';
import { part, type Part } from './part';

export interface Cluster {
	main: Part;
	workers: readonly [Part, Part];
	/** The webhook processor, which Kling calls. */
	webhook: Part;
	/** Stops Redis; gives what starts it again with its data. */
	stopRedis: () => Promise<() => Promise<void>>;
	/** PostgreSQL takes no changes any more, as a standby does; gives what ends that. */
	forbidWriting: () => Promise<() => Promise<void>>;
	kill: () => Promise<void>;
}

/** Each of PostgreSQL's processes reads its settings anew by itself. */
const RELOADED_WITHIN_MS = 1_000;

/** As in docs/scaling.md, but that a worker's death is noticed within seconds instead of a minute and a half. */
const QUEUE_SETTINGS = {
	EXECUTIONS_MODE: 'queue',
	OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
	QUEUE_HEALTH_CHECK_ACTIVE: 'true',
	QUEUE_BULL_REDIS_HOST: '127.0.0.1',
	DB_TYPE: 'postgresdb',
	DB_POSTGRESDB_HOST: '127.0.0.1',
	DB_POSTGRESDB_DATABASE: 'postgres',
	DB_POSTGRESDB_USER: POSTGRES_USER,
	N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
	N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '30',
	QUEUE_WORKER_LOCK_DURATION: '10000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '2000',
	QUEUE_WORKER_STALLED_INTERVAL: '3000',
};

/** PostgreSQL, Redis, and n8n as a main process, two workers and a webhook processor. */
export async function startCluster(
	folder: string,
	n8n: InstalledN8n,
	tarball: string,
): Promise<Cluster> {
	const { nodeBinary } = n8n;
	const redisFolder = join(folder, 'redis');
	const postgres = await startPostgres(join(folder, 'postgres'), nodeBinary);
	let redis: Server = await startRedis({ folder: redisFolder, nodeBinary });
	const webhookPort = await freePort();
	const environment = {
		...QUEUE_SETTINGS,
		DB_POSTGRESDB_PORT: String(postgres.port),
		QUEUE_BULL_REDIS_PORT: String(redis.port),
		N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
		WEBHOOK_URL: `http://127.0.0.1:${webhookPort}/`,
	};
	const options = { n8n, environment };
	const worker = (name: string) => part(name, folder, tarball, { ...options, command: 'worker' });
	const main = part('main', folder, tarball, options);
	const webhookOptions = { ...options, command: 'webhook', port: webhookPort } as const;
	const webhook = part('webhook', folder, tarball, webhookOptions);
	const workers = [worker('worker-1'), worker('worker-2')] as const;
	const parts = [main, webhook, ...workers];

	async function kill(): Promise<void> {
		await Promise.all(parts.map(async (one) => (one.isOver() ? undefined : await one.kill())));
		await Promise.all([redis.stop(), postgres.stop()]);
	}
	async function stopRedis(): Promise<() => Promise<void>> {
		const { port } = redis;
		await redis.stop();
		return async () => {
			redis = await startRedis({ folder: redisFolder, nodeBinary, port });
		};
	}
	async function setReadOnly(value: 'on' | 'off'): Promise<void> {
		const set = `ALTER SYSTEM SET default_transaction_read_only = ${value}`;
		await runSql(postgres.port, set, 'SELECT pg_reload_conf()');
		await pause(RELOADED_WITHIN_MS);
	}
	async function forbidWriting(): Promise<() => Promise<void>> {
		await setReadOnly('on');
		return async () => await setReadOnly('off');
	}
	try {
		// The first one makes the tables; the others would not wait for it.
		await main.start();
		await Promise.all([webhook, ...workers].map(async (one) => await one.start()));
	} catch (error) {
		await kill();
		throw error;
	}
	return { main, workers, webhook, stopRedis, forbidWriting, kill };
}
