/** What n8n's REST interface takes and gives, as far as it is used here. */
export interface NodeCredentials {
	id: string;
	name: string;
}

export interface WorkflowNode {
	id?: string;
	name: string;
	type: string;
	typeVersion: number;
	position: [number, number];
	parameters: Record<string, unknown>;
	credentials?: Record<string, NodeCredentials>;
	webhookId?: string;
	onError?: string;
	retryOnFail?: boolean;
}

export interface Connection {
	node: string;
	type: string;
	index: number;
}

export interface Workflow {
	name: string;
	nodes: WorkflowNode[];
	connections: Record<string, Record<string, Array<Connection[] | null>>>;
	settings?: Record<string, unknown>;
}

export interface StoredWorkflow extends Workflow {
	id: string;
	versionId: string;
	active: boolean;
}

export interface StoredCredential {
	id: string;
	name: string;
	type: string;
}

export interface BinaryFile {
	id?: string;
	data: string;
	mimeType: string;
	fileName?: string;
	fileExtension?: string;
}

export interface Item {
	json: Record<string, unknown>;
	binary?: Record<string, BinaryFile>;
	pairedItem?: unknown;
}

export interface ExecutionError {
	message: string;
	description?: string | null;
	messages?: string[];
	name?: string;
	node?: { name: string };
}

export interface NodeRun {
	executionStatus: string;
	/** Milliseconds. */
	executionTime: number;
	startTime: number;
	data?: { main?: Array<Item[] | null> };
	error?: ExecutionError;
	hints?: Array<{ message: string }>;
}

export interface ExecutionData {
	resultData: {
		runData: Record<string, NodeRun[]>;
		lastNodeExecuted?: string;
		error?: ExecutionError;
	};
}

export type ExecutionStatus =
	'new' | 'running' | 'waiting' | 'success' | 'error' | 'canceled' | 'crashed' | 'unknown';

export interface ExecutionSummary {
	id: string;
	status: ExecutionStatus;
	mode: string;
	workflowId: string;
	startedAt?: string;
	stoppedAt?: string | null;
	waitTill?: string | null;
}

export interface Execution extends ExecutionSummary {
	/** What nodes kept with the execution. */
	customData?: Record<string, string>;
	data: ExecutionData;
}

export interface NodeTypeDescription {
	name: string;
	displayName: string;
	description: string;
	version: number | number[];
	properties: Array<{ name: string; options?: Array<{ name: string; value: unknown }> }>;
}

export interface ListSearchResult {
	results: Array<{ name: string; value: string; url?: string }>;
	paginationToken?: string;
}

export interface CredentialTestResult {
	status: 'OK' | 'Error';
	message: string;
}
