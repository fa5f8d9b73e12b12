import {
	updateDisplayOptions,
	type IExecuteFunctions,
	type INodeProperties,
	type NodeParameterValueType,
} from 'n8n-workflow';

/** How to read the answer, the same for every operation that outputs a task. */
export const TASK_ANSWER =
	'In the answer task_status is "succeed" (image_urls then holds the URLs of nine images, three sets of three, which Kling deletes at expires_at), "failed" (task_status_msg says why), or "submitted" or "processing" while Kling is still working.';

/**
 * What a model reads about the operation that an AI agent has as its tool. Without this field n8n uses the node's
 * description, which is the same for each operation. n8n knows the field by its name.
 */
export const toolDescription = (text: string): INodeProperties => ({
	displayName: 'Description',
	name: 'toolDescription',
	type: 'string',
	typeOptions: { rows: 5 },
	required: true,
	default: text,
	displayOptions: { show: { '@tool': [true] } },
	description:
		'What the model reads about this tool: what it does, what it needs and what it returns',
});

/**
 * The field, and its twin in an AI agent's tool: filled in by the model, as by n8n's own button, unless the user
 * enters something.
 * @param key the name that the model reads
 * @param instruction what to fill in: letters, digits and plain signs
 */
export function filledByModel(
	field: INodeProperties,
	key: string,
	instruction: string,
	fill = (expression: string): NodeParameterValueType => expression,
): INodeProperties[] {
	const expression = `={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('${key}', \`${instruction}\`, 'string') }}`;
	return [
		...updateDisplayOptions({ show: { '@tool': [false] } }, [field]),
		...updateDisplayOptions({ show: { '@tool': [true] } }, [
			{ ...field, default: fill(expression) },
		]),
	];
}

/** Older n8n does not say so with a function, but the node's type then ends in "Tool". */
export function isTool(context: IExecuteFunctions): boolean {
	const asked: Partial<Pick<IExecuteFunctions, 'isToolExecution'>> = context;
	return asked.isToolExecution?.() === true || context.getNode().type.endsWith('Tool');
}
