import { setTimeout as pause } from 'node:timers/promises';

import type { Execution, ExecutionStatus } from '../../../test/support/n8n';
import { sum } from '../numbers';
import type { KlingReport } from './remoteKling';
import { type Listening, type Stand } from './stand';
import { until } from './waiting';
import { IMAGE_URLS, NEXT_NODE } from './workflowFile';

/** The nodes that supply the images: part of no way of waiting. */
const FEEDING = ['Hook', 'Images'];
/** The last node of a workflow of built-in nodes. */
const DOWNLOAD = 'Download';
const SETTLE_MS = 1_500;
const LONGEST_MS = 180_000;

export interface WindowOptions {
	executions: number;
	items: number;
	/** Between two starts, so that the tasks do not all end at once. */
	apartMs: number;
	/** Downloaded for each task: nine if not given. */
	images?: number;
}

export interface WindowMeasure {
	tasks: number;
	apiCalls: number;
	nodeRuns: number;
	cpuMs: number;
	/** From the end of an execution's last task to the start of its next node, where there is one. */
	wakeMs: number[];
	/** From the same moment until the files are there. */
	filesMs: number[];
}

let images = 0;

/** Starts executions and measures until all of them have ended, each task with its images. */
export async function measureWindow(
	stand: Stand,
	listening: Listening,
	idleShare: number,
	{ executions, items, apartMs, images: imagesPerTask = 9 }: WindowOptions,
): Promise<WindowMeasure> {
	const before = await stand.kling.report();
	const earlier = new Set(await listening.executionIds());
	const newIds = async (status?: ExecutionStatus) =>
		(await listening.executionIds(status)).filter((id) => !earlier.has(id));
	await pause(SETTLE_MS);
	const [beganAt, cpuBefore] = [Date.now(), stand.cpuMs()];
	for (let execution = 0; execution < executions; execution++) {
		await listening.start({ images: imagesOf(stand, items) });
		await pause(apartMs);
	}
	const wanted = executions * items;
	let report = before;
	await until(
		`${wanted} tasks with their images`,
		async () => {
			report = since(before, await stand.kling.report());
			const ended = report.tasks.filter(({ status }) => status === 'succeed').length;
			return ended >= wanted && count(report, ['view']) >= wanted * imagesPerTask;
		},
		LONGEST_MS,
	);
	await pause(SETTLE_MS);
	let cpuMs = NaN;
	await until(
		`${executions} executions that succeed`,
		async () => {
			// Read first: asking n8n costs CPU, too.
			cpuMs = stand.cpuMs() - cpuBefore - idleShare * (Date.now() - beganAt);
			return (await newIds('success')).length >= executions;
		},
		LONGEST_MS,
		1_000,
	);

	report = since(before, await stand.kling.report());
	const seen: Execution[] = [];
	for (const id of await newIds()) seen.push(await stand.execution(id));
	const delays = seen.map((execution) => delaysOf(execution, report));
	return {
		tasks: report.tasks.length,
		apiCalls: count(report, ['create', 'get', 'list']),
		nodeRuns: sum(seen.map(nodeRuns)),
		cpuMs,
		wakeMs: delays.map(({ wakeMs }) => wakeMs).filter(Number.isFinite),
		filesMs: delays.map(({ filesMs }) => filesMs).filter(Number.isFinite),
	};
}

/** Each with a URL of its own. */
export function imagesOf({ place }: Stand, count: number): object[] {
	return Array.from({ length: count }, () => {
		const id = `image-${++images}`;
		return { id, imageUrl: `${place.imageUrl}?${id}` };
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
	const notCounted = [...FEEDING, NEXT_NODE];
	return sum(
		Object.entries(data.resultData.runData).map(([name, runs]) =>
			notCounted.includes(name) ? 0 : runs.length,
		),
	);
}

function delaysOf({ data }: Execution, { tasks }: KlingReport) {
	const { runData } = data.resultData;
	const next = runData[NEXT_NODE] ?? runData[IMAGE_URLS] ?? [];
	const items = next.flatMap(({ data: output }) => output?.main?.[0] ?? []);
	const ends = items.map(({ json }) => tasks.find((one) => one.task_id === json['task_id']));
	const end = Math.max(...ends.map((task) => task?.updated_at ?? NaN));
	const wakeMs = (next.at(-1)?.startTime ?? NaN) - end;
	const download = runData[DOWNLOAD]?.at(-1);
	const filesMs = download ? download.startTime + download.executionTime - end : wakeMs;
	return { wakeMs, filesMs };
}
