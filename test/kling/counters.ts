import type { ElementLibrary } from './elements/library';
import type { Counters } from './kling';
import type { RequestLog } from './requests';
import type { TaskStore } from './tasks';

export function liveCounters(
	tasks: TaskStore,
	elements: ElementLibrary,
	log: RequestLog,
): Counters {
	return {
		get tasksMade() {
			return tasks.all.length;
		},
		get tasksCharged() {
			return tasks.all.filter((task) => task.charged).length;
		},
		get maxRunning() {
			return tasks.maxRunning;
		},
		get elementTasksMade() {
			return elements.tasks.all.filter((task) => task.charged).length;
		},
		get elementsMade() {
			const made = elements.tasks.all.filter((task) => task.charged);
			return made.filter((task) => task.status === 'succeed').length;
		},
		maxParallel: log.maxParallel,
		get authorizedPictures() {
			const pictures = log.all.filter(({ operation }) => ['picture', 'file'].includes(operation));
			return pictures.filter(({ headers }) => 'authorization' in headers).length;
		},
	};
}
