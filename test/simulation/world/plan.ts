import type { Switches } from '../../kling';

/** One world: everything that is drawn. Plain data, so that it can be printed and replayed. */
export interface Plan {
	/** Of all jitter in this world. */
	seed: number;
	items: ItemPlan[];
	node: NodePlan;
	kling: KlingPlan;
	faults: FaultPlan[];
	clock: ClockPlan;
	callbacks: CallbackPlan;
	/** In the order of their beginning; each runs all items. */
	executions: ExecutionPlan[];
	/** The first process dies, and starts again at once with empty memory. */
	killAtMs?: number;
}

export interface ItemPlan {
	/** Items with the same number have the same image, and the same task whose views become an element. */
	image: number;
	/** The user's External Task ID: `order-<n>`, or the task_id of a task made elsewhere. */
	ownId?: { order: number } | { taskIdOf: number };
	/** An expression whose value is another one at each try. */
	varies?: 'image' | 'ownId';
}

export type OnError = 'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput';

export interface NodePlan {
	/** Kling Element in place of Kling AI Multi-Shot. */
	creates: 'task' | 'element';
	/** Of elements: reference images, or the views of the item's finished task. */
	from: 'images' | 'views';
	/** Of elements from views. */
	set: 1 | 2 | 3 | 'all';
	onError: OnError;
	/** Retry On Fail: tries in all, and the pause between them. */
	retry?: { maxTries: number; waitMs: number };
	wait: 'none' | 'poll' | 'callback';
	downloadImages: boolean;
	output: 'task' | 'images';
	timeoutS: number;
	/** 0 is automatic. */
	pollIntervalS: number;
	maxConcurrent: number;
	/** 0 is without limit. */
	maxNewTasks: number;
	capacityTimeoutS: number;
	ifExternalIdExists: 'reuse' | 'error';
	reuseTaskOnRetry: boolean;
	onFailedTask: 'error' | 'output';
	onTimeout: 'error' | 'output';
	authentication: 'apiKey' | 'accessKey';
	/** n8n-workflow before 2.34, whose sleep hears no signal. */
	plainSleep: boolean;
}

export interface KlingPlan {
	switches: Partial<Switches>;
	/** Tasks that the account may run; 0 is without limit. */
	slots: number;
	durationS: readonly [number, number];
	/** Which of the tasks fail, by the order of their creation. */
	failing: number[];
	/** Tasks that the account already has. */
	foreign: ForeignPlan[];
	latencyMs: number;
}

export interface ForeignPlan {
	/** Its external id is `order-<n>`. */
	order?: number;
	status: 'submitted' | 'succeed' | 'failed';
}

export type FaultKind =
	/** Before anything left. */
	| 'refused'
	| 'unreachable'
	| 'certificate'
	| 'proxyPage'
	/** After the request left: Kling may or may not have seen it. */
	| 'drop'
	| 'readUnreachable'
	| 'slow'
	| 'cut'
	| 'truncated'
	| 'empty'
	| 'page'
	| 'forbiddenPage'
	| 'missingPage'
	| 'redirect'
	| 'noData'
	| 'wrongTypes'
	/** Kling's own codes. */
	| 'code';

export interface FaultPlan {
	on: 'create' | 'get' | 'list' | 'view';
	/** It strikes so many requests of this kind, from this one on (0 is the first). */
	from: number;
	times: number;
	kind: FaultKind;
	/** Whether Kling has done what was asked. */
	when: 'before' | 'after';
	/** With `code`. */
	code?: number;
	/** With `code`: HTTP 200 instead of the code's own status. */
	asSuccess?: boolean;
	/** With `slow`. */
	delayS?: number;
}

export interface ClockPlan {
	/** n8n's wall clock against the true time. */
	offsetMs: number;
	/** The wall clock is set while the world runs. */
	shift?: { atMs: number; byMs: number };
}

export interface CallbackPlan {
	/** After the change, to each copy. */
	delaysMs: number[];
	/** `submitted` and `processing` are told, too. */
	unfinished: boolean;
	/** Somebody who knows the resume URL says that all tasks have succeeded, at this time after the pause. */
	forgedAfterMs?: number;
	/** The process that n8n gives resume calls to. */
	process: 0 | 1;
}

export interface ExecutionPlan {
	/** After the beginning of the world, or after the end of the execution before. */
	startMs: number;
	after: 'start' | 'previous';
	process: 0 | 1;
	/** `loop` runs the node twice, `tool` is one call for each item. */
	kind: 'workflow' | 'loop' | 'tool';
	/** Stop or the workflow's timeout, after its own beginning. */
	stopAtMs?: number;
}
