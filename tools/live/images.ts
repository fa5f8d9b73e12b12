import type { Task } from './api';
import type { Notebook } from './notebook';

const DAY_MS = 24 * 60 * 60 * 1000;
const DAYS_KEPT = 30;
const TIMEOUT_MS = 60_000;

/** Shape of the images, and what their addresses are good for. They are downloaded without any key. */
export async function noteImages({ task_result, updated_at }: Task, { note }: Notebook) {
	const images = task_result?.images ?? [];
	if (images.length === 0) return;
	const keys = images.map((image) => Object.keys(image).sort().join());
	const asDocumented = images.length === 3 && new Set(keys).size === 1;
	note('imageShape', asDocumented && keys[0] === 'index,url_1,url_2,url_3', keys);

	const address = Object.values(images[0] ?? {}).find((value) => typeof value === 'string') ?? '';
	const plain = await download(address);
	const isImage = plain.status === 200 && plain.type.startsWith('image/');
	note('plainGet', isImage, `HTTP ${plain.status} ${plain.type}`);
	const url = new URL(address);
	const names = [...url.searchParams.keys()].join(', ');
	url.search = '';
	const bare = await download(url.href);
	note(
		'urlsAreSigned',
		names !== '' && bare.status >= 400,
		`without ${names}: HTTP ${bare.status}`,
	);
	const expiry = expiryOf(new URL(address));
	if (expiry === undefined) return;
	const days = (expiry - updated_at) / DAY_MS;
	note('urlsExpire', Math.abs(days - DAYS_KEPT) < 1, `${days.toFixed(2)} days, of ${names}`);
}

async function download(address: string): Promise<{ status: number; type: string }> {
	const answer = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS) });
	await answer.body?.cancel();
	return { status: answer.status, type: answer.headers.get('content-type') ?? '' };
}

/** Nobody has said what the parameter is called: any that is a time to come, in seconds or milliseconds. */
function expiryOf({ searchParams }: URL): number | undefined {
	const times = [...searchParams.values()]
		.filter((value) => /^(\d{10}|\d{13})$/.test(value))
		.map((value) => Number(value) * (value.length === 10 ? 1000 : 1))
		.filter((time) => time > Date.now());
	return times.length === 0 ? undefined : Math.max(...times);
}
