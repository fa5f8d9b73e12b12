/** Kling's task in one item, without files: what most tests look into. The defaults have tests of their own. */
export const WHOLE_TASK = { downloadImages: false, output: 'task' } as const;
