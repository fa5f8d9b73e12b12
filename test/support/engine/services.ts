import 'reflect-metadata';

import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BinaryDataService, InstanceSettings } from 'n8n-core';
import { LoggerProxy } from 'n8n-workflow';

import { RecordingLogger } from './logs';

type Service<T> = abstract new (...parameters: never[]) => T;

interface ServiceContainer {
	get<T>(service: Service<T>): T;
	set(service: Service<unknown>, instance: unknown): void;
	reset(): void;
}

/** n8n-core must be asked for its own copies: a second copy is another container and another class. */
const requireAsCore = createRequire(require.resolve('n8n-core'));
const { Container } = requireAsCore('@n8n/di') as { Container: ServiceContainer };
const { Logger } = requireAsCore('@n8n/backend-common') as { Logger: Service<unknown> };

export const INSTANCE_ID = 'test-instance';

export interface EngineServices {
	logger: RecordingLogger;
	binaryData: BinaryDataService;
	/** The last engine of a test file that lets go removes the temporary folder. */
	release: () => void;
}

let running: Promise<Omit<EngineServices, 'release'> & { folder: string }> | undefined;
let users = 0;

/** One set of services a test file: n8n-core keeps them in a container of its own. */
export async function acquireServices(): Promise<EngineServices> {
	users += 1;
	running ??= start();
	const { folder, ...services } = await running;
	return {
		...services,
		release: () => {
			users -= 1;
			if (users > 0) return;
			running = undefined;
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

/**
 * InstanceSettings comes first and as plain data: the real class writes a settings
 * file into the user's home folder as soon as it is made.
 */
async function start() {
	const folder = mkdtempSync(join(tmpdir(), 'kling-engine-'));
	const logger = new RecordingLogger();
	Container.reset();
	Container.set(InstanceSettings, {
		n8nFolder: folder,
		instanceId: INSTANCE_ID,
		encryptionKey: 'test-encryption-key',
		hmacSignatureSecret: 'test-signature-secret',
		instanceType: 'main',
		hostId: 'main-test',
		fsStorageMigrated: true,
	});
	Container.set(Logger, logger);
	LoggerProxy.init(logger);

	const binaryData = Container.get(BinaryDataService);
	await binaryData.init();
	return { logger, binaryData, folder };
}
