import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Debian's, or another one by `FFMPEG_PATH`. */
const FFMPEG = process.env['FFMPEG_PATH'] ?? 'ffmpeg';
const FRAME_MS = 400;

/** One take: frames from the start to the end, each shown for as long as it took to the next one. */
export interface Recording {
	/** Writes an MP4. Gives its seconds. */
	save: (path: string) => Promise<number>;
}

/** `takeFrame` gives a PNG; `folder` keeps the frames. */
export async function record(folder: string, takeFrame: () => Promise<Buffer>): Promise<Recording> {
	await mkdir(folder, { recursive: true });
	const frames: Array<{ path: string; at: number }> = [];
	let isOver = false;
	const filming = (async () => {
		while (!isOver) {
			const path = join(folder, `${String(frames.length).padStart(5, '0')}.png`);
			const at = Date.now();
			await writeFile(path, await takeFrame());
			frames.push({ path, at });
			await pause(Math.max(0, FRAME_MS - (Date.now() - at)));
		}
	})();
	filming.catch(() => undefined);
	return {
		async save(path) {
			isOver = true;
			await filming;
			const end = Date.now();
			const list = join(folder, 'frames.txt');
			const lines = frames.map(
				(frame, number) =>
					`file '${frame.path}'\nduration ${((frames[number + 1]?.at ?? end) - frame.at) / 1000}`,
			);
			await writeFile(list, lines.join('\n'));
			await promisify(execFile)(FFMPEG, [
				...['-y', '-loglevel', 'error', '-f', 'concat', '-safe', '0', '-i', list],
				...['-fps_mode', 'cfr', '-r', '5', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', path],
			]);
			return (end - (frames[0]?.at ?? end)) / 1000;
		},
	};
}
