import { pictureUrls } from './pictures';
import { isFinal, type Moment, type Task } from './tasks';
import type { World } from './world';

const UNITS_PER_TASK = '20';

/** `data` of the answer to a create. */
export function createdAnswer(world: World, task: Task): object {
	return {
		task_id: task.task_id,
		task_status: task.status,
		...taskInfo(world, task, true),
		created_at: task.created_at,
		updated_at: task.updated_at,
	};
}

/** The task as Get and List tell it, which may be behind. */
export function queryAnswer(world: World, task: Task): object {
	const seenUntil = world.now() - world.switches.queryLagMs;
	const seen = task.history.findLast((moment) => moment.since <= seenUntil);
	return taskAnswer(world, task, seen ?? task.history[0]);
}

export function callbackBody(world: World, task: Task, moment: Moment): object {
	const { callbackBody: shape } = world.switches;
	if (shape === 'newer') return newerBody(task, moment);
	if (shape === 'documented') return taskAnswer(world, task, moment);
	return {
		...taskAnswer(world, task, moment),
		task_info: {},
		task_result: { images: [], videos: [], audios: [] },
	};
}

/** What the console's test callback sends, and newer endpoints. */
export function newerBody(
	task: Pick<Task, 'task_id' | 'external_task_id' | 'created_at'>,
	moment: Omit<Moment, 'since'>,
): object {
	return {
		id: task.task_id,
		...(task.external_task_id === undefined ? {} : { external_id: task.external_task_id }),
		status: moment.status === 'succeed' ? 'succeeded' : moment.status,
		outputs: [],
		message: moment.task_status_msg,
		create_time: task.created_at,
		update_time: moment.updated_at,
	};
}

function taskAnswer(world: World, task: Task, moment: Moment): object {
	const { switches } = world;
	const succeeded = moment.status === 'succeed';
	const charge = succeeded && switches.unitDeduction;
	return {
		...head(world, task, moment),
		...taskResult(world, task, moment),
		...(charge ? { final_unit_deduction: UNITS_PER_TASK } : {}),
		...(charge ? { final_balance_deduction: { quota: UNITS_PER_TASK, list_price: '0.07' } } : {}),
		created_at: task.created_at,
		updated_at: moment.updated_at,
	};
}

/** What the tasks of all endpoints tell. */
export function head(
	world: World,
	task: Task,
	{ status, task_status_msg }: Pick<Moment, 'status' | 'task_status_msg'>,
): object {
	return {
		task_id: task.task_id,
		task_status: status === 'succeed' ? world.switches.successWord : status,
		task_status_msg,
		...taskInfo(world, task, isFinal(status)),
	};
}

function taskInfo({ switches }: World, task: Task, filled: boolean): object {
	if (switches.taskInfo === 'omitted') return {};
	const shown = switches.taskInfo === 'always' || (switches.taskInfo === 'final' && filled);
	if (!shown || task.external_task_id === undefined) return { task_info: {} };
	return { task_info: { external_task_id: task.external_task_id } };
}

function taskResult(world: World, task: Task, moment: Moment): object {
	if (moment.status !== 'succeed') {
		return world.switches.emptyResult === 'object' ? { task_result: {} } : {};
	}
	const sets = pictureUrls(world, task, moment.updated_at);
	const images = sets.map(([url_1, url_2, url_3], index) =>
		world.switches.imageShape === 'flat' ? { index, url: url_1 } : { index, url_1, url_2, url_3 },
	);
	return { task_result: { images } };
}
