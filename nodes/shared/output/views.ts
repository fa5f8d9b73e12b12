import type { IDataObject } from 'n8n-workflow';
import type { KlingTask } from '../client/task';
import { isObject } from '../lib/values';

/** One view of one set. */
export interface Picture {
	/** Of the set, from 0. */
	index: number;
	/** In the set, from 1. */
	view: number;
	url: string;
}

/** Reads both shapes, `{index, url_1, url_2, url_3}` and the older `{index, url}`, in the order of the task. */
export function picturesOfTask({ task_result }: KlingTask): Picture[] {
	const sets: unknown = isObject(task_result) ? task_result.images : undefined;
	const pictures = new Map<string, Picture>();
	for (const [position, set] of (Array.isArray(sets) ? sets : []).entries()) {
		if (!isObject(set)) continue;
		const index = Number.isInteger(set.index) ? Number(set.index) : position;
		for (const [given, url] of viewsOf(set as IDataObject)) {
			let view = given;
			// The older shape may name a set several times.
			while (pictures.has(`${index}_${view}`)) view++;
			pictures.set(`${index}_${view}`, { index, view, url });
		}
	}
	return [...pictures.values()];
}

function viewsOf(set: IDataObject): Array<[view: number, url: string]> {
	const numbered = Object.entries(set).flatMap(([key, url]): Array<[number, string]> => {
		const view = /^url_(\d{1,3})$/.exec(key)?.[1];
		return view !== undefined && isUrl(url) ? [[Number(view), url]] : [];
	});
	return numbered.length === 0 && isUrl(set.url) ? [[1, set.url]] : numbered;
}

function isUrl(value: unknown): value is string {
	return typeof value === 'string' && value !== '';
}
