import { startKling, type Kling, type KlingOptions } from '../kling';
import { startEngine, type CredentialData, type Engine } from './engine';

export interface Stage {
	kling: Kling;
	engine: Engine;
	credentials: CredentialData;
	close: () => Promise<void>;
}

/** A local Kling, and n8n's engine with our classes and a credential for it. */
async function startStage(
	options: KlingOptions = {},
	nodeTypes: 'source' | 'dist' = 'source',
): Promise<Stage> {
	const kling = await startKling({ mode: 'auto', durationMs: [50, 150], ...options });
	const credentials = { klingApi: credentialFor(kling) };
	const engine = await startEngine({ nodeTypes, credentials });
	return {
		kling,
		engine,
		credentials,
		async close() {
			engine.stop();
			await kling.close();
		},
	};
}

export function credentialFor({ accessKey, secretKey, baseUrl }: Kling): CredentialData[string] {
	return { authentication: 'accessKey', accessKey, secretKey, region: 'custom', baseUrl };
}

/** A stage for the tests of one file or of one `describe`. It is there once the tests run. */
export function useStage(
	options: KlingOptions = {},
	nodeTypes: 'source' | 'dist' = 'source',
): Stage {
	const stage = {} as Stage;
	beforeAll(async () => {
		Object.assign(stage, await startStage(options, nodeTypes));
	});
	afterAll(async () => {
		await stage.close();
	});
	return stage;
}
