import { fstatSync } from 'node:fs';

const BETWEEN_CHECKS_MS = 500;

/** Calls `end` once, when whoever started this process is gone, even by kill -9: standard input, if it is a pipe, closes, or the process gets another parent. */
export function whenParentIsGone(end: () => void): void {
	let isOver = false;
	const once = () => {
		if (!isOver) end();
		isOver = true;
	};
	const parent = process.ppid;
	const timer = setInterval(() => {
		if (process.ppid !== parent) once();
	}, BETWEEN_CHECKS_MS);
	timer.unref();
	// Of /dev/null the end comes at once and means nothing.
	if (isPipe()) process.stdin.once('end', once).once('error', once).resume();
}

function isPipe(): boolean {
	try {
		const input = fstatSync(0);
		return input.isFIFO() || input.isSocket();
	} catch {
		return false;
	}
}
