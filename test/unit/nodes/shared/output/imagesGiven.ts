import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { decode } from '../../../../kling/decode';
import type { Kling, Task } from '../../../../kling';
import type { Stage } from '../../../../support/stage';

/** A finished task of the local Kling, with its nine images. */
export function finishedTask(kling: Kling, external_task_id?: string): Task {
	return kling.createTask({ status: 'succeed', external_task_id });
}

export const DOWNLOADED = { operation: 'get', downloadImages: true, output: 'task' } as const;

export function get(task_id: string, more: INodeParameters = {}): INodeParameters {
	return { ...DOWNLOADED, taskId: { __rl: true, mode: 'id', value: task_id }, ...more };
}

/** The next Get answers with a task that has these images. */
export function giveImages(kling: Kling, images: unknown, more: object = {}): void {
	const updated_at = Date.now();
	const task_result = { images };
	const data = { task_id: '7', task_status: 'succeed', task_result, updated_at, ...more };
	kling.fault({ on: 'get', kind: 'body', body: { code: 0, message: 'SUCCEED', data } });
}

/** A task with one image at this address; its item, what of it stands in n8n's storage, and what went wrong. */
export async function downloadFrom({ kling, engine }: Stage, url: string, more: object = {}) {
	const images = [{ index: 0, url_1: url }];
	giveImages(kling, images, more);
	const run = await engine.runNode({ parameters: get('7') });
	expect(run.error).toBeUndefined();
	expect(run.items).toHaveLength(1);
	const [item] = run.items;
	expect(item?.json.task_result).toEqual({ images });
	const [stored] = await storedIn({ engine }, item);
	return { item, stored, errors: item?.json.download_errors };
}

/** `download_errors` of that item. */
export function failedBecause(reason: string | RegExp): unknown {
	const matching: unknown = reason instanceof RegExp ? expect.stringMatching(reason) : reason;
	return [{ set: 1, view: 1, reason: matching }];
}

/** The files of an item, as they stand in n8n's storage. */
export async function storedIn(
	{ engine }: Pick<Stage, 'engine'>,
	item: INodeExecutionData | undefined,
) {
	const entries = Object.entries(item?.binary ?? {});
	return await Promise.all(
		entries.map(async ([key, file]) => ({ key, file, bytes: await engine.readBinary(file) })),
	);
}

export function sizeOf(bytes: Buffer): string {
	const { width, height } = decode(bytes);
	return `${width} × ${height}`;
}

/** What a plain GET of the same address brings. */
export async function bytesAt(url: unknown): Promise<Buffer> {
	return Buffer.from(await (await fetch(String(url))).arrayBuffer());
}

/** Answers each request with `bytes`, and never sends the rest of what it promises. */
export async function startStalling(
	bytes: Buffer,
	{ status = 200, promised = bytes.length + 1_000_000 } = {},
): Promise<Server & { imageUrl: string }> {
	const server = createServer((_request, response) => {
		response.writeHead(status, { 'content-length': promised });
		response.flushHeaders();
		response.write(bytes);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return Object.assign(server, { imageUrl: `http://127.0.0.1:${port}/stalled.png` });
}
