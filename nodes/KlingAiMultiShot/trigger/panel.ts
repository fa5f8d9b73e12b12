import type { TriggerPanelDefinition } from 'n8n-workflow';

const TEST =
	"<b>While you build the workflow</b>, click <b>Listen for test event</b>. Copy the <b>Test URL</b> of this node, and enter it as <b>Test callback</b> in Kling's console or as the <b>Callback URL</b> of Create Task. The callback appears in the editor.";
const PRODUCTION =
	'<b>To run it automatically</b>, use the <b>Production URL</b> as the Callback URL of Create Task';

/** Beside the trigger's fields, in the place of n8n's "create an event in …". The links are n8n's own. */
export const triggerPanel: TriggerPanelDefinition = {
	header: 'Start when Kling reports a change of a task',
	activationHint: {
		inactive:
			'Copy the <b>Test URL</b> to try it out. Once the workflow is <a data-key="activate">published</a>, the <b>Production URL</b> works without this button.',
		active: 'The workflow is published: callbacks to the <b>Production URL</b> start it.',
	},
	executionsHelp: {
		inactive: `${TEST}<br /><br />${PRODUCTION}, and <a data-key="activate">publish</a> the workflow. Its executions appear in the <a data-key="executions">executions list</a>, not in the editor.`,
		active: `${TEST}<br /><br />${PRODUCTION}. The workflow is published: its executions appear in the <a data-key="executions">executions list</a>, not in the editor.`,
	},
};
