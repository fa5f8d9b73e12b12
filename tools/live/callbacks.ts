import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

import type { Notebook } from './notebook';

const LATE_MS = 30_000;
const LOOK_AGAIN_MS = 100;

type Body = Record<string, unknown>;

export interface Listener {
	/** Waits for the last callback, 30 s at the most. */
	noteCallbacks: (notebook: Notebook, say: (line: string) => void) => Promise<void>;
	close: () => void;
}

/** Takes callbacks on 127.0.0.1, to which --callback-url has to lead. */
export async function listenForCallbacks(port: number): Promise<Listener> {
	const bodies: Body[] = [];
	const server = createServer((request, response) => {
		void text(request).then((raw) => {
			response.writeHead(200).end();
			bodies.push(parsed(raw));
		});
	});
	server.listen(port, '127.0.0.1');
	await once(server, 'listening');
	return {
		async noteCallbacks({ note }, say) {
			const end = Date.now() + LATE_MS;
			while (!bodies.some(isLast) && Date.now() < end) await pause(LOOK_AGAIN_MS);
			for (const body of bodies) say(`Callback: ${JSON.stringify(body)}`);
			const last = bodies.find(isLast);
			if (last === undefined) return;
			const statuses = bodies.map(statusOf);
			note('callbackPerStatus', statuses.includes('processing'), statuses);
			const isEmpty = JSON.stringify(last.task_info) === '{}' && imagesOf(last).length === 0;
			note('callbackBody', last.task_id !== undefined && isEmpty, Object.keys(last));
		},
		close() {
			server.close();
			server.closeAllConnections();
		},
	};
}

const statusOf = ({ task_status, status }: Body): string => String(task_status ?? status);

const isLast = (body: Body): boolean => /^(succe|failed)/.test(statusOf(body));

const imagesOf = ({ task_result }: Body): unknown[] =>
	(task_result as { images?: unknown[] } | undefined)?.images ?? [];

function parsed(raw: string): Body {
	try {
		return JSON.parse(raw) as Body;
	} catch {
		return { unreadable: raw };
	}
}
