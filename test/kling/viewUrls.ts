import { createHmac } from 'node:crypto';
import { textReply, type Reply } from './reply';
import type { Task } from './tasks';
import type { ViewMaker } from './views';
import type { World } from './world';

const SETS = [0, 1, 2];
const VIEWS = [1, 2, 3];

/** What a task's URLs were when last asked for: each is signed, and a list asks for many of them. */
const lastUrls = new WeakMap<Task, { key: string; urls: string[][] }>();

/** Three sets of three URLs, signed, which expire some time after `updatedAt` (Unix ms). */
export function viewUrls(world: World, task: Task, updatedAt: number): string[][] {
	const { viewLifetimeMs, viewType } = world.switches;
	const key = `${world.baseUrl} ${viewLifetimeMs} ${viewType} ${updatedAt}`;
	const last = lastUrls.get(task);
	if (last?.key === key) return last.urls;
	const urls = signedUrls(world, task, updatedAt);
	lastUrls.set(task, { key, urls });
	return urls;
}

function signedUrls(world: World, task: Task, updatedAt: number): string[][] {
	const expires = Math.floor((updatedAt + world.switches.viewLifetimeMs) / 1000);
	const extension = world.switches.viewType === 'png' ? 'png' : 'jpg';
	return SETS.map((set) =>
		VIEWS.map((view) => {
			const path = `/views/${task.task_id}/${set}_${view}.${extension}`;
			const signature = signatureOf(world, path, String(expires));
			return `${world.baseUrl}${path}?expires=${expires}&signature=${signature}`;
		}),
	);
}

/** A plain GET. An Authorization header is refused, as the storage behind signed URLs does. */
export async function viewReply(
	world: World,
	makeView: ViewMaker,
	address: URL,
	authorization: string | undefined,
	findTask: (id: string) => Task | undefined,
): Promise<Reply> {
	if (authorization !== undefined) return textReply(400, 'Only one auth mechanism allowed');
	const expires = address.searchParams.get('expires') ?? '';
	const signature = signatureOf(world, address.pathname, expires);
	if (address.searchParams.get('signature') !== signature) return textReply(403, 'Bad signature');
	if (Number(expires) * 1000 <= world.now()) return textReply(403, 'Request has expired');
	const found = /^\/views\/(\d+)\/([012])_([123])\.(png|jpg)$/.exec(address.pathname);
	const task = findTask(found?.[1] ?? '');
	if (!found || !task) return textReply(404, 'No such image');
	const type = found[4] === 'png' ? 'image/png' : 'image/jpeg';
	const view = Number(found[2]) * VIEWS.length + Number(found[3]) - 1;
	const body = await makeView(task.image.sha256, view, type);
	return { status: 200, headers: { 'content-type': type }, body };
}

function signatureOf(world: World, path: string, expires: string): string {
	return createHmac('sha256', world.secretKey)
		.update(`${path}?${expires}`)
		.digest('hex')
		.slice(0, 32);
}
