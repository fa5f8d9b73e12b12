/** What this process knows of a create, so that n8n's Retry On Fail does not depend on what Kling does with external ids. */
export interface Attempt {
	executionId: string;
	/** Unix milliseconds of the first sending. */
	sentAt: number;
	/** Once Kling has answered with the task. */
	task_id?: string;
}

const MOST_ATTEMPTS = 10_000;
const attempts = new Map<string, Attempt>();

export function knownAttempt(key: string): Attempt | undefined {
	return attempts.get(key);
}

/** The oldest is forgotten when there are more than {@link MOST_ATTEMPTS}. */
export function rememberAttempt(key: string, attempt: Attempt): void {
	attempts.delete(key);
	attempts.set(key, attempt);
	const [oldest] = attempts.keys();
	if (attempts.size > MOST_ATTEMPTS && oldest !== undefined) attempts.delete(oldest);
}

export function forgetAttempt(key: string): void {
	attempts.delete(key);
}
