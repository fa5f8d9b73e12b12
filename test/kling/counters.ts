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
		get authorizedViews() {
			const images = log.all.filter(({ operation }) => ['view', 'file'].includes(operation));
			return images.filter(({ headers }) => 'authorization' in headers).length;
		},
	};
}
