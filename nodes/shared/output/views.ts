import type { KlingTask } from '../client/task';
import { isObject } from '../lib/values';

/** One view of one set. */
export interface View {
	/** From 1. */
	set: number;
	/** In the set, from 1. */
	view: number;
	url: string;
}

/** Reads both shapes, `{index, url_1, url_2, url_3}` and the older `{index, url}`, in the order of the task. */
export function viewsOf({ task_result }: KlingTask): View[] {
	const images: unknown = isObject(task_result) ? task_result.images : undefined;
	const views = new Map<string, View>();
	for (const [position, image] of (Array.isArray(images) ? images : []).entries()) {
		if (!isObject(image)) continue;
		const set = 1 + (Number.isInteger(image.index) ? Number(image.index) : position);
		for (const [given, url] of urlsOf(image)) {
			let view = given;
			// The older shape may name a set several times.
			while (views.has(`${set}_${view}`)) view++;
			views.set(`${set}_${view}`, { set, view, url });
		}
	}
	return [...views.values()];
}

function urlsOf(image: Record<string, unknown>): Array<[view: number, url: string]> {
	const numbered = Object.entries(image).flatMap(([key, url]): Array<[number, string]> => {
		const view = /^url_(\d{1,3})$/.exec(key)?.[1];
		return view !== undefined && isUrl(url) ? [[Number(view), url]] : [];
	});
	return numbered.length === 0 && isUrl(image.url) ? [[1, image.url]] : numbered;
}

function isUrl(value: unknown): value is string {
	return typeof value === 'string' && value !== '';
}
