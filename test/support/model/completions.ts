import { numbered, parsedArguments, type Dialect, type Tool, type Turn } from './turn';

interface Message {
	role: string;
	content?: string | Array<{ text?: string }> | null;
	tool_calls?: Array<{ id: string; function: { name: string; arguments: string } }>;
	tool_call_id?: string;
}

/** OpenAI's Chat Completions API, which most other vendors speak, too. */
export const completions: Dialect = {
	path: '/v1/chat/completions',
	read(body) {
		const tools = ((body['tools'] ?? []) as Array<{ function: Tool }>).map((tool) => tool.function);
		const turn: Turn = { tools, question: '', results: [] };
		for (const { role, content, tool_calls = [], tool_call_id } of body['messages'] as Message[]) {
			const text =
				typeof content === 'string'
					? content
					: (content ?? []).map(({ text: part = '' }) => part).join('');
			if (role === 'user') Object.assign(turn, { question: text, results: [] });
			for (const { id, function: called } of tool_calls) {
				const { name } = called;
				turn.results.push({ id, name, arguments: parsedArguments(called.arguments), output: '' });
			}
			if (role !== 'tool') continue;
			const result = turn.results.find(({ id }) => id === tool_call_id);
			if (!result) throw new Error(`An output without its call: ${tool_call_id}`);
			result.output = text;
		}
		return turn;
	},
	write(answer, name) {
		const isText = typeof answer === 'string';
		const tool_calls = numbered(isText ? [] : answer, name).map((call) => ({
			id: call.id,
			type: 'function',
			function: { name: call.name, arguments: JSON.stringify(call.arguments) },
		}));
		return {
			id: `chatcmpl-${name}`,
			object: 'chat.completion',
			choices: [
				{
					index: 0,
					finish_reason: isText ? 'stop' : 'tool_calls',
					message: {
						role: 'assistant',
						content: isText ? answer : null,
						...(isText ? {} : { tool_calls }),
					},
				},
			],
			usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
		};
	},
};
