import { execFile } from 'node:child_process';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Debian's, or another one by `FFMPEG_PATH`. */
const FFMPEG = process.env['FFMPEG_PATH'] ?? 'ffmpeg';
const WIDTH_PX = 960;
const QUALITY = 70;

/** Frames with the time that each is shown. */
export interface Film {
	/** One frame, shown for so long. */
	shoot: (milliseconds: number) => Promise<void>;
	/** A frame every `everyMs` until `work` is done, each shown for a part of that. */
	shootDuring: (work: Promise<unknown>, everyMs: number, shownMs: number) => Promise<void>;
	/** Writes an animated WebP. Gives its bytes. */
	save: (path: string) => Promise<number>;
}

/** `takeFrame` gives a PNG; `folder` keeps the frames. */
export async function makeFilm(folder: string, takeFrame: () => Promise<Buffer>): Promise<Film> {
	await mkdir(folder, { recursive: true });
	const frames: Array<{ path: string; seconds: number }> = [];

	async function shoot(milliseconds: number): Promise<void> {
		const path = join(folder, `${String(frames.length).padStart(4, '0')}.png`);
		await writeFile(path, await takeFrame());
		frames.push({ path, seconds: milliseconds / 1000 });
	}

	return {
		shoot,
		async shootDuring(work, everyMs, shownMs) {
			let isOver = false;
			const end = work.finally(() => (isOver = true));
			while (!isOver) {
				await shoot(shownMs);
				await Promise.race([pause(everyMs), end.catch(() => undefined)]);
			}
			await end;
		},
		async save(path) {
			const list = join(folder, 'frames.txt');
			const lines = frames.map((frame) => `file '${frame.path}'\nduration ${frame.seconds}`);
			// ffmpeg takes the last duration only when another frame follows.
			await writeFile(list, [...lines, `file '${frames.at(-1)?.path}'`].join('\n'));
			await promisify(execFile)(FFMPEG, [
				...['-y', '-loglevel', 'error', '-f', 'concat', '-safe', '0', '-i', list],
				...['-vf', `scale=${WIDTH_PX}:-1:flags=lanczos`, '-fps_mode', 'vfr'],
				...['-c:v', 'libwebp_anim', '-quality', String(QUALITY), '-loop', '0', path],
			]);
			return (await stat(path)).size;
		},
	};
}
