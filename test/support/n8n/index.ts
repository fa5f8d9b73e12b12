export { connect, type N8nApi } from './api';
export type { Owner } from './accounts';
export { childOf } from './child';
export { cleanEnvironment } from './environment';
export {
	EXAMPLES,
	nodeNamed,
	readExample,
	textOfExample,
	withCredential,
	withParameters,
	withValues,
} from './examples';
export { failureOf, outputOf } from './executions';
export { CURRENT_N8N, installN8n, installNode, type InstalledN8n } from './install';
export { ownerOf } from './owner';
export {
	ACTION_TYPE,
	CREDENTIAL_TYPE,
	installNodes,
	LATER,
	PACKAGE_NAME,
	packLater,
	packNodes,
	TRIGGER_TYPE,
} from './package';
export { lock, type Locked } from './lock';
export { freePort } from './ports';
export { seconds, withProgress, type Report } from './progress';
export { startRegistry, type Registry } from './registry';
export { launchN8n, startN8n, type N8nServer, type ServerOptions } from './server';
export { N8nError, NOT_READY } from './session';
export * from './types';
