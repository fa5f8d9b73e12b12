import type { Rule } from './rule';

/** What holds for all operations. */
export const rules: Rule[] = [
	{
		rule: 'Each item that comes out is paired with the one that went in',
		file: 'nodes/KlingAiMultiShot/KlingAiMultiShot.node.ts',
		find: 'const pairedItem = { item: itemIndex };',
		replace: 'const pairedItem = { item: 0 };',
		tests: ['test/unit/nodes/KlingAiMultiShot/KlingAiMultiShot.node.test.ts'],
		only: 'all items are worked',
	},
	{
		rule: 'With Continue On Fail an error is an item, and the input does not pass through',
		file: 'nodes/KlingAiMultiShot/KlingAiMultiShot.node.ts',
		find: 'return [{ json: { error: message }, error, pairedItem }];',
		replace: 'return [{ json: this.getInputData()[itemIndex]?.json ?? {}, pairedItem }];',
		tests: ['test/unit/nodes/KlingAiMultiShot/KlingAiMultiShot.node.test.ts'],
		only: 'broken credential',
	},
	{
		rule: 'An AI agent can use the node as a tool',
		file: 'nodes/KlingAiMultiShot/KlingAiMultiShot.node.ts',
		find: '\t\tusableAsTool: true,\n',
		replace: '',
		tests: ['test/unit/nodes/KlingAiMultiShot/KlingAiMultiShot.node.test.ts'],
		only: 'depend on',
	},
	{
		rule: 'What to do stands in the message that an AI agent hands its model',
		file: 'nodes/shared/run/itemError.ts',
		find: 'if (isTool(context) && ',
		replace: 'if (false && ',
		tests: ['test/unit/nodes/KlingAiMultiShot/KlingAiMultiShot.node.test.ts'],
		only: 'its model reads',
	},
	{
		rule: 'A model is told of each operation apart',
		file: 'nodes/shared/input/tool.ts',
		find: 'default: text,',
		replace: "default: '',",
		tests: ['test/unit/nodes/KlingAiMultiShot/KlingAiMultiShot.node.test.ts'],
		only: 'as a tool each operation',
	},
	{
		rule: 'What a tool needs is filled in by the model',
		file: 'nodes/shared/input/tool.ts',
		find: '{ ...field, default: fill(expression) },',
		replace: 'field,',
		tests: ['test/unit/nodes/KlingAiMultiShot/KlingAiMultiShot.node.test.ts'],
		only: 'as a tool each operation',
	},
	{
		rule: 'A default that saved workflows depend on stays',
		file: 'nodes/shared/waiting/settings.ts',
		find: 'default: 900,',
		replace: 'default: 600,',
		tests: ['test/unit/nodes/KlingAiMultiShot/KlingAiMultiShot.node.test.ts'],
		only: 'depend on',
	},
	{
		rule: 'A name that saved workflows depend on stays',
		file: 'nodes/KlingAiMultiShot/operations/list.ts',
		find: "name: 'createdAfter',",
		replace: "name: 'created_after',",
		tests: ['test/unit/nodes/KlingAiMultiShot/KlingAiMultiShot.node.test.ts'],
		only: 'depend on',
	},
];
