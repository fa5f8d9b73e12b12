import { setTimeout as pause } from 'node:timers/promises';

import type { Execution } from '../../../test/support/n8n';
import { sum } from '../numbers';
import type { KlingReport } from './remoteKling';
import { type Listening, type Stand } from './stand';
import { until } from './waiting';

/** The node that follows the finished task, in all workflows that have one. */
const NEXT = 'Addresses';
/** They hand in the pictures, in all workflows. */
const FEEDING = ['Hook', 'Pictures'];
const PICTURES_A_TASK = 9;
/** What n8n writes down after the last node. */
const SETTLE_MS = 1_500;
const LONGEST_MS = 180_000;

export interface WindowOptions {
	executions: number;
	items: number;
	/** Between two starts, so that not all ends fall together. */
	apartMs: number;
}

export interface WindowMeasure {
	tasks: number;
	apiCalls: number;
	nodeRuns: number;
	cpuMs: number;
	/** From the end of an execution's last task to its next node, where there is one. */
	wakeMs: number[];
}

let pictures = 0;

/** Starts executions and measures until each of their tasks has given its nine pictures. */
export async function measureWindow(
	stand: Stand,
	listening: Listening,
	idleShare: number,
	{ executions, items, apartMs }: WindowOptions,
): Promise<WindowMeasure> {
	const before = await stand.kling.report();
	const earlier = new Set(await listening.executionIds());
	await pause(SETTLE_MS);
	const [beganAt, cpuBefore] = [Date.now(), stand.cpuMs()];
	for (let execution = 0; execution < executions; execution++) {
		await listening.start({ pictures: picturesOf(stand, items) });
		await pause(apartMs);
	}
	const wanted = executions * items;
	let report = before;
	await until(
		`${wanted} tasks with their pictures`,
		async () => {
			report = since(before, await stand.kling.report());
			return count(report, ['picture']) >= wanted * PICTURES_A_TASK;
		},
		LONGEST_MS,
	);
	await pause(SETTLE_MS);
	const cpuMs = stand.cpuMs() - cpuBefore - idleShare * (Date.now() - beganAt);

	const ids = (await listening.executionIds()).filter((id) => !earlier.has(id));
	const seen: Execution[] = [];
	for (const id of ids) seen.push(await stand.execution(id));
	return {
		tasks: report.tasks.length,
		apiCalls: count(report, ['create', 'get', 'list']),
		nodeRuns: sum(seen.map(nodeRuns)),
		cpuMs,
		wakeMs: seen.map((execution) => wakeMs(execution, report)).filter(Number.isFinite),
	};
}

/** The addresses differ, as each picture's does. */
export function picturesOf({ place }: Stand, count: number): object[] {
	return Array.from({ length: count }, () => {
		const id = `picture-${++pictures}`;
		return { id, imageUrl: `${place.pictureUrl}?${id}` };
	});
}

export function since(before: KlingReport, now: KlingReport): KlingReport {
	return {
		requests: now.requests.slice(before.requests.length),
		deliveries: now.deliveries.slice(before.deliveries.length),
		tasks: now.tasks.slice(before.tasks.length),
	};
}

/** Answered with 200. */
export function count({ requests }: KlingReport, operations: string[]): number {
	return requests.filter(({ operation, ms, status }) => {
		return operations.includes(operation) && status === 200 && ms >= 0;
	}).length;
}

function nodeRuns({ data }: Execution): number {
	const { runData } = data.resultData;
	return sum(
		Object.entries(runData).map(([name, runs]) => (FEEDING.includes(name) ? 0 : runs.length)),
	);
}

function wakeMs({ data }: Execution, { tasks }: KlingReport): number {
	const runs = data.resultData.runData[NEXT] ?? [];
	const ids = runs.flatMap(({ data: output }) => output?.main?.[0] ?? []).map(({ json }) => json);
	const ends = ids.map(({ task_id }) => tasks.find((one) => one.task_id === task_id)?.updated_at);
	return (runs.at(-1)?.startTime ?? NaN) - Math.max(...ends.map((end) => end ?? NaN));
}
