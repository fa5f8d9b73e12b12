import type {
	INodeExecutionData,
	INodeParameters,
	IPinData,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import type { CredentialData } from './credentials';
import type { PackageTypes } from './package-types';
import type { NodeSettings, WorkflowPlan } from './workflow';

export interface EngineOptions {
	/** 'source': the TypeScript classes; 'dist': the built package by n8n's loader; or a test's own classes. */
	nodeTypes: 'source' | 'dist' | PackageTypes;
	credentials?: CredentialData;
	/** As n8n's WEBHOOK_URL, for resume URLs; the address of the tests' own server unless given. */
	webhookUrl?: string;
}

interface RunOptions {
	/** Takes the place of the engine's credentials in this run; `{}` for none. */
	credentials?: CredentialData;
	/** 'trigger' unless given: a production execution. */
	mode?: WorkflowExecuteMode;
	/** A new one unless given. */
	executionId?: string;
	/** Stops the run after so many milliseconds. */
	cancelAfterMs?: number;
}

export interface NodeRunOptions extends RunOptions {
	/** Name in the package; `klingAiMultiShot` unless given. */
	type?: string;
	parameters: INodeParameters;
	/** One empty item unless given. As a tool, each item's json is one call's input. */
	items?: INodeExecutionData[];
	nodeSettings?: NodeSettings;
	/** 'engine': called by n8n's agent through the engine; 'classic': by any other AI node. */
	asTool?: 'engine' | 'classic';
	workflow?: Pick<WorkflowPlan, 'id' | 'settings' | 'staticData'>;
}

export interface WorkflowRunOptions extends WorkflowPlan, RunOptions {
	/** The first node unless given. */
	startAt?: string;
	/** What the start node is given, or, where it is a webhook trigger, what its `webhook()` returned. */
	startData?: INodeExecutionData[][];
	/** The node that `run.items`, `run.error` and `run.hints` tell about; the last one unless given. */
	resultOf?: string;
	pinData?: IPinData;
}

export interface ListSearchOptions {
	/** `klingAiMultiShot` unless given. */
	type?: string;
	parameters?: INodeParameters;
	credentials?: CredentialData;
}
