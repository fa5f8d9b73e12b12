import { createHash } from 'node:crypto';
import { isLocal } from '../transport/baseUrl';
import type { KlingContext } from '../transport/context';
import { openCredential, type KlingCredential } from '../transport/credential';
import { redactor } from '../transport/redact';
import type { Result } from '../transport/failure';
import { rememberSigningKeys } from '../transport/webhook';
import { deleteElement, type Deletion } from './deleteElement';
import { taskApi, type TaskApi } from './taskApi';

/** Kling, as one credential reaches it: opened once a run or callback. */
export interface Kling {
	multiShot: TaskApi;
	/** Tasks that create elements: the account's own. */
	elements: TaskApi;
	/** Kling's own elements. */
	presetElements: Pick<TaskApi, 'list'>;
	/** @param element_id digits */
	deleteElement: (element_id: string) => Promise<Result<Deletion>>;
	/** The base URL is on this machine: a local Kling for trying things out, so that loopback addresses are allowed. */
	isLocal: boolean;
	/** Tells accounts apart in what this process remembers; holds no key. */
	account: string;
}

/**
 * @param signal ends what is under way; nothing can stop a webhook or a list in the editor
 * @throws NodeOperationError if the credential cannot be used
 */
export async function openKling(
	context: KlingContext,
	signal: AbortSignal = new AbortController().signal,
): Promise<Kling> {
	const credential = await openCredential(context);
	const isRun = 'getExecutionCancelSignal' in context || 'getRequestObject' in context;
	if (isRun) rememberSigningKeys(context, credential);
	const connection = { context, credential, redact: redactor(credential), signal };
	return {
		multiShot: taskApi(connection, '/v1/general/ai-multi-shot'),
		elements: taskApi(connection, '/v1/general/advanced-custom-elements'),
		presetElements: taskApi(connection, '/v1/general/advanced-presets-elements'),
		deleteElement: async (element_id) => await deleteElement(connection, element_id),
		isLocal: isLocal(credential.baseUrl),
		account: accountOf(credential),
	};
}

/** By the key and not by n8n's id of the credential, whose keys may be replaced. */
function accountOf({ keys, baseUrl }: KlingCredential): string {
	const key = keys.authentication === 'apiKey' ? keys.apiKey : keys.accessKey;
	return createHash('sha256').update(`${baseUrl} ${key}`).digest('base64url');
}
