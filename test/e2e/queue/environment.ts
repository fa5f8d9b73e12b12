import { TestEnvironment } from 'jest-environment-node';

/** Hands the cluster that globalSetup has started, with its processes, to each test file. */
export default class QueueEnvironment extends TestEnvironment {
	override async setup(): Promise<void> {
		await super.setup();
		this.global['cluster'] = globalThis.cluster;
	}
}
