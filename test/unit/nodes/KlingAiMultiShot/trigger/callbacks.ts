import type { IDataObject } from 'n8n-workflow';

import type { CredentialData, TriggerListener, WebhookOutcome } from '../../../../support/engine';
import { credentialFor, type Stage } from '../../../../support/stage';

export const SECRET = 'whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI=';
export const OTHER_SECRET = 'whsec_YW5vdGhlci1zZWNyZXQtb2YtMzItYnl0ZXMtbG9uZyE=';

/** As Kling's callbacks were seen: nothing in it but the task's status. */
export const bodyOf = (task_id: string, task_status = 'succeed'): IDataObject => ({
	task_id,
	task_status,
	task_status_msg: '',
	task_info: {},
	task_result: { images: [], videos: [], audios: [] },
	final_unit_deduction: '20',
	created_at: 1722769557708,
	updated_at: 1722769557708,
});

/** What the workflow was started with, one for each execution's items. */
export const emitted = (outcomes: WebhookOutcome[]): IDataObject[] =>
	outcomes.flatMap(({ workflowData }) => workflowData?.flat() ?? []).map(({ json }) => json);

export const statusesOf = (listener: TriggerListener, task_id: string): unknown[] =>
	emitted(listener.outcomes)
		.filter((json) => json.task_id === task_id)
		.map((json) => json.task_status);

export const withSecret = (stage: Stage, webhookSecret: string): CredentialData => ({
	klingApi: { ...credentialFor(stage.kling), webhookSecret },
});

export const finishedTask = ({ kling }: Stage, external_task_id?: string): string =>
	kling.createTask({ status: 'succeed', ...(external_task_id && { external_task_id }) }).task_id;
