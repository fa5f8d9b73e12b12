import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { openKling } from '../../shared/client/kling';
import type { KlingTask } from '../../shared/client/task';
import { searchPages } from '../../shared/input/searchTasks';
import { scalarText } from '../../shared/lib/values';
import { elementOutputs } from './elementOutput';

const LISTING = 'list the elements';

/** For Delete Element: the account's own elements that are there. @param filter part of a name or an id, in any case */
export async function searchElements(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const { elements } = await openKling(this);
	return await searchPages(
		this,
		elements,
		paginationToken,
		(task) => entriesOf(task, filter).map(({ name, element_id }) => ({ name, value: element_id })),
		LISTING,
	);
}

/** For Get Element: the tasks of those. */
export async function searchElementTasks(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const { elements } = await openKling(this);
	return await searchPages(
		this,
		elements,
		paginationToken,
		(task) =>
			entriesOf(task, filter)
				.slice(0, 1)
				.map(({ name }) => ({ name, value: task.task_id })),
		LISTING,
	);
}

function entriesOf(task: KlingTask, filter = ''): Array<{ name: string; element_id: string }> {
	const wanted = filter.trim().toLowerCase();
	return elementOutputs(task).flatMap(({ element_id, element_name, status }) => {
		if (typeof element_id !== 'string' || status === 'deleted') return [];
		const name = `${scalarText(element_name)} · ${element_id}`;
		return `${name} ${task.task_id}`.toLowerCase().includes(wanted) ? [{ name, element_id }] : [];
	});
}
