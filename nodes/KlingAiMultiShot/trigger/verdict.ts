import type { IDataObject } from 'n8n-workflow';
import type { KlingTask } from '../client/task';

/** Kling is to send it again after a 503. */
export interface Refused {
	refused: 400 | 401 | 503;
	/** For n8n's log; holds no secret. */
	reason: string;
	/** Signed with the secret, but not now. */
	byTime?: boolean;
}

/** What becomes of a callback. */
export type Verdict =
	| { task: KlingTask }
	/** The user listens for a test event, and there is no task to put out. */
	| { test: IDataObject }
	/** Answered with 200. */
	| { ignored: string }
	| Refused;
