import { shown, tasksIn, type Answer, type Api } from './api';
import type { Notebook } from './notebook';

/** So old that no task of today's can have it. */
const NOBODYS_TASK = '100000000000000001';
const MINUTE_S = 60;

/** What costs nothing to ask. Throws where the keys are refused, before anything is paid. */
export async function askForFree(api: Api, { note }: Notebook): Promise<void> {
	const list = await api.get('?pageNum=1&pageSize=1');
	if (list.body.code !== 0) throw new Error(`Nothing was spent. Kling refuses: ${shown(list)}`);

	const unknown = await api.get(`/${NOBODYS_TASK}`);
	note('unknownTask', unknown.status === 400 && unknown.body.code === 1201, shown(unknown));
	noteError({ note }, unknown);
	if (api.tokenFor === undefined) return;
	const early = await api.get('?pageSize=1', api.tokenFor(MINUTE_S, 1800));
	note('noLeewayAhead', early.body.code === 1003, shown(early));
	const late = await api.get('?pageSize=1', api.tokenFor(-1800, -MINUTE_S));
	note('noLeewayBehind', late.body.code === 1004, shown(late));
}

/** Of any answer whose code is not 0. */
export function noteError({ note }: Pick<Notebook, 'note'>, { status, body }: Answer): void {
	note('errorsCarryNoData', !('data' in body), Object.keys(body));
	note('errorsHaveErrorStatus', status >= 400, `HTTP ${status}`);
}

/** Tells by the page alone, so it needs two tasks of different ages. */
export async function noteOrder(api: Api, { note }: Notebook): Promise<void> {
	const times = tasksIn(await api.get('?pageNum=1&pageSize=30')).map((task) => task.created_at);
	if (new Set(times).size < 2) return;
	const sorted = [...times].sort((one, other) => other - one);
	note('newestFirst', times.join() === sorted.join(), `${times.length} tasks`);
}
