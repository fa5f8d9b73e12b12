import { readProductImage, startKling } from '../../test/kling';
import { withParameters, type Workflow } from '../../test/support/n8n';

/** The node of the example. */
export const KLING = 'Kling AI Multi-Shot';
/** Some seconds a task, so that the waiting can be seen. */
const TASK_DURATION_MS = [3_000, 6_000] as const;
export const REAL_CREDENTIAL = 'Kling API (real, for one run)';

/** The Kling that the workflow talks to. */
export interface Target {
	/** What the user must know of its views, if anything. */
	remark?: string;
	/** For the canvas. */
	note?: string;
	credentialName: string;
	credential: Record<string, string>;
	/** The example with the image in it. */
	prepare: (example: Workflow) => Promise<Workflow>;
	close: () => Promise<void>;
}

export async function localKling(): Promise<Target & { imageUrl: string }> {
	const kling = await startKling({ mode: 'auto', durationMs: TASK_DURATION_MS, slots: 5 });
	const imageUrl = kling.serve('product-front.png', readProductImage());
	return {
		imageUrl,
		remark:
			'These views are stand-ins: the local Kling draws one robot for every image, in its colours. They are not what Kling makes.',
		note: '## Local Kling\nCosts nothing. The views are stand-ins.',
		credentialName: 'Kling API (local)',
		credential: {
			authentication: 'accessKey',
			accessKey: kling.accessKey,
			secretKey: kling.secretKey,
			region: 'custom',
			baseUrl: kling.baseUrl,
		},
		prepare: (example) => Promise.resolve(withParameters(example, KLING, { imageUrl })),
		close: async () => {
			await kling.close();
		},
	};
}

/** The real Kling cannot fetch from this machine, so the image goes along as base64. */
export function realKling(keys: Record<string, string>): Target {
	return {
		credentialName: REAL_CREDENTIAL,
		credential: keys,
		prepare: (example) =>
			Promise.resolve({
				...withParameters(example, KLING, {
					imageSource: 'base64',
					imageBase64: readProductImage().toString('base64'),
				}),
				name: `${example.name} (real Kling)`,
			}),
		close: () => Promise.resolve(),
	};
}
