import { viewUrls } from './viewUrls';
import { isFinal, type Moment, type Task } from './tasks';
import type { World } from './world';

const UNITS_PER_TASK = '20';

/** A task as of one moment of its history. */
export type AnswerOf = (task: Task, moment: Moment) => object;

/** What an endpoint adds to the fields that all tasks have. */
export interface Product {
	/** `task_result` of a task that succeeded. */
	result: () => object;
	/** For `final_unit_deduction`. */
	units: string;
	listPrice: string;
}

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

/** The moment that Get and List know of, which may be behind. */
export function seenMoment(world: World, task: Task): Moment {
	const seenUntil = world.now() - world.switches.queryLagMs;
	return task.history.findLast((moment) => moment.since <= seenUntil) ?? task.history[0];
}

export function callbackBody(world: World, task: Task, moment: Moment, answerOf: AnswerOf): object {
	const { callbackBody: shape } = world.switches;
	if (shape === 'newer') return newerBody(task, moment);
	if (shape === 'documented') return answerOf(task, moment);
	return {
		...answerOf(task, moment),
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

/** A task of AI Multi-Shot. */
export function multiShotAnswer(world: World, task: Task, moment: Moment): object {
	const result = () => {
		const sets = viewUrls(world, task, moment.updated_at);
		const images = sets.map(([url_1, url_2, url_3], index) =>
			world.switches.imageShape === 'flat' ? { index, url: url_1 } : { index, url_1, url_2, url_3 },
		);
		return { images };
	};
	const product = { result, units: UNITS_PER_TASK, listPrice: '0.07' };
	return taskAnswer(world, task, moment, product);
}

export function taskAnswer(world: World, task: Task, moment: Moment, product: Product): object {
	const { switches } = world;
	const { status, task_status_msg, updated_at } = moment;
	const succeeded = status === 'succeed';
	const charge = {
		final_unit_deduction: product.units,
		final_balance_deduction: { quota: product.units, list_price: product.listPrice },
	};
	const noResult = switches.emptyResult === 'object' ? { task_result: {} } : {};
	return {
		task_id: task.task_id,
		task_status: succeeded ? switches.successWord : status,
		task_status_msg,
		...taskInfo(world, task, isFinal(status)),
		...(succeeded ? { task_result: product.result() } : noResult),
		...(succeeded && switches.unitDeduction ? charge : {}),
		created_at: task.created_at,
		updated_at,
	};
}

function taskInfo({ switches }: World, task: Task, filled: boolean): object {
	if (switches.taskInfo === 'omitted') return {};
	const shown = switches.taskInfo === 'always' || (switches.taskInfo === 'final' && filled);
	if (!shown || task.external_task_id === undefined) return { task_info: {} };
	return { task_info: { external_task_id: task.external_task_id } };
}
