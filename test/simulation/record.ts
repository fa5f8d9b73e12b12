import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { Operation, Task } from '../kling';

/** What an outsider sees of one world: requests, charges, and what n8n shows its user. */
export interface Record {
	calls: Call[];
	executions: ExecutionRecord[];
	/** With those made elsewhere. */
	tasks: readonly Task[];
	/** Each task that was charged, with the request that made it. */
	charges: Charge[];
	/** Replies of webhook() to Kling's callbacks. */
	resumes: ResumeRecord[];
	unhandled: string[];
	/** Timers of the package that were left 2 s after the last end. */
	timersLeft: number;
	/** `late` and `stuck`: the world did not end by itself. */
	end: 'done' | 'late' | 'stuck';
	/** Virtual ms that the world took. */
	tookMs: number;
}

/** What n8n shows of an error, with the item that it names. */
export interface ReadError {
	message: string;
	description: string;
	itemIndex?: number;
}

/** One request that the package handed to n8n. */
export interface Call {
	/** Counts everything that happens in the world. */
	seq: number;
	at: number;
	operation: Operation;
	/** Undefined for webhooks. */
	try_: TryRecord | undefined;
	execution: string;
	/** Process and how often it was started. */
	process: string;
	body: IDataObject | undefined;
	/** False where n8n refused it by itself, after Stop. */
	left: boolean;
	/** When the package got an answer or an error. */
	answeredAt?: number;
	answeredSeq?: number;
	/** Of a create of an element: the task and the set whose views it sends. */
	views?: ViewsRef;
	/** Kling's code, where its envelope was whole. */
	code?: number;
	fault?: string;
	/** The task that this create made. */
	taskId?: string;
	/** Ids of failed tasks that the answer showed. */
	failedTasks: string[];
}

export interface ViewsRef {
	task_id: string;
	/** From 1. */
	set: number;
}

export interface Charge {
	seq: number;
	/** When Kling made the task. */
	at: number;
	task: Task;
	call: Call;
}

/** One call of execute(). */
export interface TryRecord {
	execution: string;
	process: string;
	runIndex: number;
	number: number;
	startedAt: number;
	startedSeq: number;
	endedAt?: number;
	endedSeq?: number;
	/** Copies of what came in and out, before n8n does anything with them. */
	input: INodeExecutionData[];
	output?: INodeExecutionData[];
	error?: ReadError;
	/** Image and own id, as the parameters said at this try. */
	places: Place[];
	hints: string[];
	/** It paused the execution: what comes out in the end is not what it returned. */
	parked?: true;
	/** At the end of the try, as an outsider knows it. */
	finalTasks?: Set<string>;
}

export interface Place {
	image: string;
	/** Without what varies from try to try. */
	imageBase: string;
	ownId: string | undefined;
	/** The own id changes from try to try, so that only the place says what is intended. */
	isLoose: boolean;
	/** The task whose views become an element. */
	source: string | undefined;
	/** What the item stands for, whatever its expressions say. */
	intent: string;
}

export interface ExecutionRecord {
	id: string;
	kind: 'workflow' | 'loop' | 'tool';
	process: string;
	tries: TryRecord[];
	status: 'running' | 'waiting' | 'success' | 'error' | 'canceled' | 'crashed';
	/** What each run of the node put out in the end: regular output and error output. */
	outputs: Array<{
		runIndex: number;
		places: Place[];
		main: INodeExecutionData[];
		errors: INodeExecutionData[];
		/** After a pause: tasks that had ended by then. */
		finalTasks?: Set<string>;
	}>;
	/** The error that ended it. */
	error?: ReadError;
	log: string[];
	customData: { [key: string]: string };
	stoppedAt?: number;
	stoppedSeq?: number;
	startedAt: number;
	endedAt?: number;
	paused: boolean;
}

export interface ResumeRecord {
	execution: string;
	/** HTTP status that the caller got. */
	status: number;
	threw: boolean;
}
