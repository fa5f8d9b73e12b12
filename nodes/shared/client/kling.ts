import { isLocal } from '../transport/baseUrl';
import { stopSignal } from '../transport/cancel';
import type { KlingContext } from '../transport/context';
import { openCredential } from '../transport/credential';
import { redactor } from '../transport/redact';
import { rememberSigningKeys } from '../transport/webhook';
import { taskApi, type TaskApi } from './taskApi';

/** Kling, as one credential reaches it: opened once a run or callback. */
export interface Kling {
	multiShot: TaskApi;
	/** The base URL is on this machine: a local Kling for trying things out, so that loopback addresses are allowed. */
	isLocal: boolean;
	/** Tells accounts apart in what this process remembers. */
	account: string;
}

/**
 * @param signal ends what is under way; unless given, n8n's Stop
 * @throws NodeOperationError where the credential cannot be used
 */
export async function openKling(
	context: KlingContext,
	signal: AbortSignal = stopSignal(context),
): Promise<Kling> {
	const credential = await openCredential(context);
	if ('getExecutionCancelSignal' in context) rememberSigningKeys(context, credential);
	const connection = { context, credential, redact: redactor(credential), signal };
	return {
		multiShot: taskApi(connection, '/v1/general/ai-multi-shot'),
		isLocal: isLocal(credential.baseUrl),
		account: `${context.getNode().credentials?.klingApi?.id} ${credential.baseUrl}`,
	};
}
