import type { IDataObject } from 'n8n-workflow';
import type { KlingTask } from '../../shared/client/task';

/** After a 503 Kling should send it again. */
export interface Refused {
	refused: 400 | 401 | 503;
	/** For n8n's log; holds no secret. */
	reason: string;
	/** Signed with the secret, but with another time. */
	isOutsideTolerance?: boolean;
}

/** Starts an execution. */
export interface Emitted {
	task: KlingTask;
	/** Forgets that the task was output: the execution was not started, and Kling sends the callback again. */
	forgetOutput?: () => void;
}

/** What the trigger does with a callback. */
export type Verdict =
	| Emitted
	/** The user listens for a test event, and there is no task to output. */
	| { test: IDataObject }
	/** Answered with 200. */
	| { ignored: string }
	| Refused;
