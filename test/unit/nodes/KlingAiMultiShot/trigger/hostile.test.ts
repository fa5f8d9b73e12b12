import { useStage } from '../../../../support/stage';
import { bodyOf, emitted, finishedTask } from './callbacks';
import { hostileRequests } from './hostileRequests';

const stage = useStage({ mode: 'manual' });
let task_id: string;

beforeAll(async () => {
	task_id = finishedTask(stage);
});

const requests = hostileRequests('867283741759111202');

it('the table has at least 40 requests', () => {
	expect(requests.length).toBeGreaterThanOrEqual(40);
});

// Multipart and XML are read by n8n itself and not by this engine.
it.each(requests.filter(({ n8nAlone }) => !n8nAlone))(
	'$name',
	async (request) => {
		const { method = 'POST', headers = {}, body, status } = request;
		const reply = await stage.engine.callWebhook({
			method,
			headers,
			...(body !== undefined && { rawBody: body }),
		});

		expect(reply.status).toBe(status);
		expect(reply.threw).toBeUndefined();
		expect(reply.workflowData).toBeUndefined();
	},
	30_000,
);

it.each(requests.filter(({ n8nAlone }) => !n8nAlone))(
	'$name: a listening editor is left alone, too',
	async ({ method = 'POST', headers = {}, body, status, isCallback }) => {
		if (isCallback) return;
		const reply = await stage.engine.callWebhook({
			mode: 'manual',
			method,
			headers,
			...(body !== undefined && { rawBody: body }),
		});

		expect(reply).toMatchObject({ status });
		expect(reply.workflowData).toBeUndefined();
	},
	30_000,
);

it('an honest callback gets through afterwards', async () => {
	const reply = await stage.engine.callWebhook({ json: bodyOf(task_id) });

	expect(emitted([reply as never])).toMatchObject([{ task_id }]);
	expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});
