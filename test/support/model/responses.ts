import { numbered, parsedArguments, type Dialect, type Tool, type Turn } from './turn';

type Piece =
	| { type: 'function_call'; call_id: string; name: string; arguments: string }
	| { type: 'function_call_output'; call_id: string; output: string }
	| { type?: 'message'; role: string; content: string | Array<{ text?: string }> };

/** OpenAI's Responses API, which n8n's chat model uses unless told otherwise. */
export const responses: Dialect = {
	path: '/v1/responses',
	read(body) {
		const turn: Turn = { tools: (body['tools'] ?? []) as Tool[], question: '', results: [] };
		for (const piece of body['input'] as Piece[]) {
			if (piece.type === 'function_call') {
				const { call_id: id, name } = piece;
				turn.results.push({ id, name, arguments: parsedArguments(piece.arguments), output: '' });
			} else if (piece.type === 'function_call_output') {
				const result = turn.results.find(({ id }) => id === piece.call_id);
				if (!result) throw new Error(`An output without its call: ${piece.call_id}`);
				result.output = piece.output;
			} else if (piece.role === 'user') {
				const { content } = piece;
				const parts = typeof content === 'string' ? [{ text: content }] : content;
				turn.question = parts.map(({ text = '' }) => text).join('');
				turn.results = [];
			}
		}
		return turn;
	},
	write: (answer, name) => ({
		id: `resp_${name}`,
		object: 'response',
		status: 'completed',
		error: null,
		incomplete_details: null,
		output:
			typeof answer === 'string'
				? [
						{
							type: 'message',
							id: `msg_${name}`,
							status: 'completed',
							role: 'assistant',
							content: [{ type: 'output_text', text: answer, annotations: [] }],
						},
					]
				: numbered(answer, name).map((call) => ({
						type: 'function_call',
						id: `fc_${call.id}`,
						call_id: call.id,
						name: call.name,
						arguments: JSON.stringify(call.arguments),
						status: 'completed',
					})),
		usage: {
			input_tokens: 1,
			input_tokens_details: { cached_tokens: 0 },
			output_tokens: 1,
			output_tokens_details: { reasoning_tokens: 0 },
			total_tokens: 2,
		},
	}),
};
