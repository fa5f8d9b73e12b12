import type { IExecuteFunctions } from 'n8n-workflow';
import type { KlingFailure } from '../transport/envelope';
import { KLING_CODES } from '../transport/codes';
import { againAfter, backoffMs, MAX_TRIES } from '../transport/retry';
import { sleepUnlessCancelled, throwIfCancelled } from '../transport/cancel';
import { forgetAttempt, knownAttempt, rememberAttempt } from './attempts';
import type { CreateQueue } from './capacityQueue';
import { findTask, type Evidence } from './findTask';
import { createTask, getTask, isUnknownTask, type CreateBody, type Result } from './endpoints';
import type { KlingTask } from './task';

export interface CreateOnce {
	context: IExecuteFunctions;
	queue: CreateQueue;
	evidence: Evidence;
	executionId: string;
	/** Tells accounts apart in what this process remembers. */
	account: string;
}

export interface CreateHow {
	/** For an external id that may have been used in another execution. */
	lookFirst: boolean;
	/** Told around each sending: while it is true, the task may exist without being known. */
	onOpen: (isOpen: boolean) => void;
}

export type Outcome =
	| { created: KlingTask; reused: boolean }
	/** The external id of the user's belongs to a task that this execution did not make. */
	| { taken: KlingTask }
	| { failure: KlingFailure; mayExist: boolean };

/**
 * Makes a task and pays for it once. Sent again only where that is harmless: no task was made, or the
 * external id is known to make the second one harmless.
 */
export async function createOnce(
	run: CreateOnce,
	body: CreateBody,
	{ lookFirst, onOpen }: CreateHow,
): Promise<Outcome> {
	const id = body.external_task_id;
	const post = async () => {
		throwIfCancelled(run.context);
		onOpen(true);
		const result = await createTask(run.context, body);
		if ('value' in result || !isAmbiguous(result.failure)) onOpen(false);
		return result;
	};
	if (id === undefined) return await createWithoutId(run, post);

	const key = `${run.account} ${id}`;
	const attempt = knownAttempt(key);
	const own = attempt?.executionId === run.executionId ? attempt : undefined;
	if (own?.task_id !== undefined || lookFirst) {
		const existing = await getTask(run.context, own?.task_id ?? id);
		if ('value' in existing) {
			if (own?.task_id === undefined) run.evidence.lookup = true;
			run.queue.accepted.add(existing.value.task_id);
			return own ? { created: existing.value, reused: true } : { taken: existing.value };
		}
		if (own?.task_id !== undefined || !isUnknownTask(existing.failure))
			return { failure: existing.failure, mayExist: own !== undefined };
	}
	return await sendUntilKnown(run, post, id, key, own?.sentAt);
}

type Post = () => Promise<Result<KlingTask>>;

async function createWithoutId({ context, queue }: CreateOnce, post: Post): Promise<Outcome> {
	for (let tries = 1; ; tries++) {
		const result = await queue.send(post);
		if ('value' in result) return { created: result.value, reused: false };
		const { failure } = result;
		const again = againAfter(failure);
		const harmless =
			(again === 'fault' && !isAmbiguous(failure) && tries < MAX_TRIES) ||
			(again === 'resign' && tries === 1);
		if (!harmless) return { failure, mayExist: isAmbiguous(failure) };
		if (again === 'fault') await sleepUnlessCancelled(context, backoffMs(tries, failure));
	}
}

async function sendUntilKnown(
	run: CreateOnce,
	post: Post,
	id: string,
	key: string,
	sentBefore: number | undefined,
): Promise<Outcome> {
	const { context, queue, evidence, executionId } = run;
	let unsureSince = sentBefore;
	let failure: KlingFailure | undefined;
	let resigned = false;
	for (let faults = 0; ;) {
		if (unsureSince !== undefined) {
			const found = await findTask(context, id, unsureSince, evidence);
			if (found === 'unknown') return { failure: failure ?? NOT_KNOWN, mayExist: true };
			if (found !== 'absent') return adopt(found);
		}
		if (failure && faults >= MAX_TRIES) return { failure, mayExist: false };

		const sentAt = unsureSince ?? Date.now();
		rememberAttempt(key, { executionId, sentAt });
		const result = await queue.send(post);
		if ('value' in result) {
			rememberAttempt(key, { executionId, sentAt, task_id: result.value.task_id });
			return { created: result.value, reused: false };
		}
		failure = result.failure;
		if (isAmbiguous(failure)) unsureSince = sentAt;
		else if (unsureSince === undefined) forgetAttempt(key);

		const again = againAfter(failure);
		if (isAmbiguous(failure) || again === 'fault') {
			faults++;
			if (faults < MAX_TRIES) await sleepUnlessCancelled(context, backoffMs(faults, failure));
		} else if (again === 'resign' && !resigned) resigned = true;
		else if (mayBeDuplicate(failure, id, unsureSince !== undefined))
			return await existingOr(failure);
		else return { failure, mayExist: false };
	}

	function adopt(task: KlingTask): Outcome {
		queue.accepted.add(task.task_id);
		rememberAttempt(key, { executionId, sentAt: unsureSince ?? Date.now(), task_id: task.task_id });
		return { created: task, reused: true };
	}

	/** The refusal says the same for a wrong value and for an id that exists: only a task that is found tells. */
	async function existingOr(refusal: KlingFailure): Promise<Outcome> {
		const found = await findTask(context, id, unsureSince ?? 0, evidence, { exists: true });
		if (found === 'absent' || found === 'unknown')
			return { failure: refusal, mayExist: unsureSince !== undefined };
		evidence.uniqueness = true;
		return unsureSince === undefined ? { taken: found } : adopt(found);
	}
}

/** After these answers the task may exist all the same. */
function isAmbiguous({ kind, code = 0, httpStatus = 0, notSent }: KlingFailure): boolean {
	if (kind !== 'code') return notSent !== true;
	const known = KLING_CODES[code];
	return known ? known.ambiguous === true : httpStatus >= 500;
}

/** By the words alone where nothing was sent before: a wrong value is refused with the same code. */
function mayBeDuplicate(
	{ code = 0, message }: KlingFailure,
	id: string,
	sentBefore: boolean,
): boolean {
	const refusedValue = code === 1200 || code === 1201 || code === 1203 || !KLING_CODES[code];
	return (
		refusedValue && (sentBefore || message.includes(id) || /exist|duplicat|repeat/i.test(message))
	);
}

const NOT_KNOWN: KlingFailure = {
	kind: 'unreadable',
	message: 'an earlier try of this execution was sent, and whether it made a task is not known',
};
