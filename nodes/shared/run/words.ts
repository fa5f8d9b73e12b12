/** How sentences speak of what Kling creates. */
export interface Words {
	/** What a user asks for. */
	noun: 'task' | 'element';
	/** The operation that lists them. */
	listOperation: string;
	/** What is known of a create that Kling has accepted. */
	created: string;
	/** Before the number of those. */
	count: string;
	/** What to do after the time limit. */
	afterTimeout: string;
}

export const TASK_WORDS: Words = {
	noun: 'task',
	listOperation: 'List Tasks',
	created: 'created and charged',
	count: 'Charged',
	afterTimeout:
		'The task goes on at Kling and stays charged. Wait for it with Wait for Task, or raise the Timeout.',
};

/** What an element costs is not documented: Kling says it in the finished task. */
export const ELEMENT_WORDS: Words = {
	noun: 'element',
	listOperation: 'List Elements',
	created: 'created',
	count: 'Created',
	afterTimeout:
		'The task goes on at Kling. Read it with Get Element, run this again to get the same element, or raise the Timeout.',
};
