import type { Rule } from './rule';

const NODE = 'nodes/KlingAiMultiShot';
const editor = ['test/unit/docs/editor.test.ts'];
const tables = ['test/unit/docs/parameters.test.ts'];

export const rules: Rule[] = [
	{
		rule: "n8n's search finds the node: of AI nodes it shows root nodes alone",
		file: `${NODE}/KlingAiMultiShot.node.json`,
		find: ', "Root Nodes"',
		replace: '',
		tests: editor,
	},
	{
		rule: 'Callback URL is offered without a wait, whichever Wait Mode was chosen before',
		file: 'nodes/KlingAiMultiShot/operations/create/input.ts',
		find: "{ ...callbackUrl, displayOptions: { show: { '/waitForCompletion': [false] } } },",
		replace: '',
		tests: editor,
		only: 'options in the editor',
	},
	{
		rule: 'Check Image URL is offered for URLs alone',
		file: 'nodes/shared/input/imageFields.ts',
		find: "displayOptions: { show: { '/imageSource': ['url'] } },",
		replace: '',
		tests: editor,
		only: 'options in the editor',
	},
	{
		rule: 'What to do if an External ID exists is asked where there is one',
		file: 'nodes/shared/creating/options.ts',
		find: 'displayOptions: { show: { externalTaskId: [{ _cnd: { exists: true } }] } },',
		replace: '',
		tests: editor,
		only: 'options in the editor',
	},
	{
		rule: 'The reference says the defaults of the fields',
		file: 'nodes/shared/creating/options.ts',
		find: 'default: 600',
		replace: 'default: 300',
		tests: tables,
	},
	{
		rule: 'The reference names what can be chosen',
		file: 'nodes/shared/waiting/mode.ts',
		find: "name: 'Pause Between Checks'",
		replace: "name: 'Check at Times'",
		tests: tables,
	},
	{
		rule: 'The README names every error code',
		file: 'nodes/shared/transport/codes.ts',
		find: "1102: {\n\t\tmeaning: 'the resource pack is used up",
		replace: "1105: {\n\t\tmeaning: 'the resource pack is used up",
		tests: tables,
	},
];
