import { randomInt } from 'node:crypto';
import { makeTaskStore, type NewTask, type Task, type TaskStore } from '../tasks';
import type { World } from '../world';
import type { ElementFields } from './body';
import { PRESETS } from './presets';

export interface Element extends ElementFields {
	/** Digits: a number on the wire, see digits.ts. */
	readonly element_id: string;
	readonly task_id: string;
	/** `kling` or the creator. */
	readonly owned_by: string;
	status: 'succeed' | 'deleted';
}

export interface ElementLibrary {
	/** That make elements. */
	readonly tasks: TaskStore;
	/** Of Kling's presets. */
	readonly presetTasks: TaskStore;
	/** What the account made, deleted ones too; newest last. */
	readonly own: Element[];
	/** The element comes to be when the task succeeds. */
	add(task: NewTask, fields: ElementFields): Task;
	/** Each time that a task was moved. */
	moved(task: Task): void;
	/** Own or preset, also of a task that has not succeeded. */
	ofTask(task_id: string): Element | undefined;
	/** Own or preset, once it is there. */
	find(element_id: string): Element | undefined;
	clear(): void;
}

const CREATOR = '31415926';

export function makeElementLibrary(world: World): ElementLibrary {
	const byTask = new Map<string, Element>();
	const byId = new Map<string, Element>();
	const tasks = makeTaskStore(world);
	const presetTasks = makeTaskStore(world);

	const library: ElementLibrary = {
		tasks,
		presetTasks,
		own: [],
		add(given, fields) {
			const task = tasks.add(given);
			const { task_id } = task;
			const element_id = newElementId(world.switches.elementIdDigits, byId);
			byTask.set(task_id, { ...fields, element_id, task_id, owned_by: CREATOR, status: 'succeed' });
			library.moved(task);
			return task;
		},
		moved({ task_id, status }) {
			const element = byTask.get(task_id);
			if (!element || status !== 'succeed') return;
			byId.set(element.element_id, element);
			library.own.push(element);
		},
		ofTask: (task_id) => byTask.get(task_id),
		find: (element_id) => byId.get(element_id),
		clear() {
			tasks.clear();
			presetTasks.clear();
			byTask.clear();
			byId.clear();
			library.own.length = 0;
			addPresets();
		},
	};

	function addPresets(): void {
		for (const { element_id, created_at, ...fields } of PRESETS) {
			const { task_id } = presetTasks.add({ created_at, status: 'succeed' });
			const preset: Element = {
				...fields,
				element_id,
				task_id,
				owned_by: 'kling',
				status: 'succeed',
			};
			byTask.set(task_id, preset);
			byId.set(element_id, preset);
		}
	}

	addPresets();
	return library;
}

/** Of 18 digits an odd one, so that a Number never holds it. */
function newElementId(digits: 15 | 18, taken: ReadonlyMap<string, Element>): string {
	const random = (length: number) => String(randomInt(10 ** length)).padStart(length, '0');
	const id = `7${random(8)}${random(digits - 10)}${randomInt(5) * 2 + 1}`;
	return taken.has(id) ? newElementId(digits, taken) : id;
}
