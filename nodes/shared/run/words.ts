/** How sentences speak of what Kling creates. */
export interface Words {
	/** What a user asks for. */
	noun: 'task' | 'element';
	/** What one create is for, such as "this item" or "set 2". */
	target: string;
	/** The operation that reads one. */
	getOperation: string;
	/** The operation that lists them. */
	listOperation: string;
	/** What is known of a create that Kling has accepted. */
	created: string;
	/** Before the number of those. */
	count: string;
	/** What to do with those of a run that ended early. */
	afterEnd: string;
	/** What to do after the time limit. */
	afterTimeout: string;
}

export const TASK_WORDS: Words = {
	noun: 'task',
	target: 'this item',
	getOperation: 'Get Task',
	listOperation: 'List Tasks',
	created: 'created and charged',
	count: 'Charged',
	afterEnd: 'To get the images of a charged task, use Wait for Task with its ID.',
	afterTimeout:
		'The task continues at Kling and stays charged. Wait for it with Wait for Task, or raise the Timeout.',
};

/** What an element costs is not documented: Kling says it in the finished task. */
export const ELEMENT_WORDS: Words = {
	noun: 'element',
	target: 'this item',
	getOperation: 'Get Element',
	listOperation: 'List Elements',
	created: 'created',
	count: 'Created',
	afterEnd: 'To get a created element, use Get Element with its task ID.',
	afterTimeout: 'The task continues at Kling. Read it with Get Element, or raise the Timeout.',
};
