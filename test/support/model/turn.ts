export interface ToolCall {
	name: string;
	arguments: Record<string, unknown>;
}

/** A tool as the model is told of it; `parameters` is a JSON schema. */
export interface Tool {
	name: string;
	description: string;
	parameters: { properties: Record<string, { type?: string; description?: string }> };
}

/** One request to the model: all that it knows. */
export interface Turn {
	tools: Tool[];
	/** What the user wrote last. */
	question: string;
	/** The calls that the model has made since, with what came of each. */
	results: Array<ToolCall & { id: string; output: string }>;
}

/** What the model says: calls, side by side, or words. */
export type Answer = ToolCall[] | string;

/** One of OpenAI's two interfaces. */
export interface Dialect {
	path: string;
	/** Throws for what a model without streaming cannot serve. */
	read: (body: Body) => Turn;
	/** `name` makes ids that nothing else bears. */
	write: (answer: Answer, name: string) => object;
}

export type Body = Record<string, unknown> & { stream?: boolean; model?: string };

/** With an id for each. */
export const numbered = (calls: ToolCall[], name: string): Array<ToolCall & { id: string }> =>
	calls.map((call, position) => ({ ...call, id: `call_${name}_${position}` }));

export const parsedArguments = (text: string): Record<string, unknown> =>
	JSON.parse(text) as Record<string, unknown>;
