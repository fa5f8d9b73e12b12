import { readCallback, taskOfCallback } from '../../../../../nodes/shared/client/callback';

const task_id = '867283741759111202';

describe('the external id of a callback', () => {
	it.each<[string, object]>([
		['as Kling documents it', { task_info: { external_task_id: '1042' } }],
		['as the console sends it', { external_id: '1042' }],
		['a number', { task_info: { external_task_id: 1042 } }],
		['a number outside', { external_task_id: 1042 }],
	])('%s is text', (_name, stated) => {
		const body = { task_id, task_status: 'succeed', ...stated };
		const callback = readCallback(body);
		expect(callback).toEqual({ task_id, task_status: 'succeed', external_task_id: '1042' });
		expect(callback && taskOfCallback(body, callback).task_info).toMatchObject({
			external_task_id: '1042',
		});
	});

	it.each([null, {}, [], true])('%j is none', (external_task_id) => {
		const body = { task_id, task_status: 'succeed', task_info: { external_task_id } };
		expect(readCallback(body)).toEqual({ task_id, task_status: 'succeed' });
	});
});
