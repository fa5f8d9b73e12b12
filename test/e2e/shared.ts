import type { N8nServer, Owner } from '../support/n8n';

/** What globalSetup started, for globalTeardown in the same process. */
export interface Started {
	server: N8nServer;
	dataFolder: string;
}

declare global {
	// Only `var` makes a property of globalThis known.
	var startedN8n: Started | undefined;
}

/** What the test files need to know; it travels in the environment, as they run in other contexts. */
export interface Place {
	baseUrl: string;
	version: string;
	owner: Owner;
	/** The packed package. */
	tarball: string;
	/** n8n's log. */
	logFile: string;
	/** Where the n8n of globalSetup may read and write. */
	filesFolder?: string;
}

const VARIABLE = 'E2E_N8N';

export function tell(place: Place): void {
	process.env[VARIABLE] = JSON.stringify(place);
}

export function place(): Place {
	const text = process.env[VARIABLE];
	if (text === undefined) throw new Error('globalSetup has not run');
	return JSON.parse(text) as Place;
}
