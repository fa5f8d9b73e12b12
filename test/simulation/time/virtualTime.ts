import FakeTimers from '@sinonjs/fake-timers';

/** Taken before anything is faked. */
const realImmediate = setImmediate;
const realNow = performance.now.bind(performance);

/** Any fixed moment will do: 2026-03-01. */
const EPOCH_MS = Date.UTC(2026, 2, 1);

/** More of them than any world needs: something goes round and round. */
const MAX_TIMERS = 200_000;

export interface VirtualTime {
	/** Monotonic ms since the world began. */
	now(): number;
	/** What a clock that is never wrong says, Unix ms: Kling's. */
	trueTime(): number;
	/** Moves the machine's wall clock, and nothing else. */
	shiftWallClock(byMs: number): void;
	/** Runs timers one after another, until `done` or until nothing can happen any more. */
	run(done: () => boolean, untilMs: number): Promise<'done' | 'late' | 'stuck'>;
	end(): void;
}

/** nextTick and microtasks stay real: all of them are worked off between two timers. */
export function startVirtualTime(wallClockOffsetMs: number): VirtualTime {
	const clock = FakeTimers.install({
		now: EPOCH_MS + wallClockOffsetMs,
		toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
	});
	const start = performance.now();
	const now = () => performance.now() - start;
	return {
		now,
		trueTime: () => EPOCH_MS + Math.floor(now()),
		shiftWallClock: (byMs) => clock.setSystemTime(clock.now + byMs),
		async run(done, untilMs) {
			for (let timers = 0; ; timers++) {
				await new Promise((resolve) => realImmediate(resolve));
				if (done()) return 'done';
				if (clock.countTimers() === 0) return 'stuck';
				if (now() > untilMs || timers > MAX_TIMERS) return 'late';
				clock.next();
			}
		},
		end: () => clock.uninstall(),
	};
}

/** Real ms, while time is virtual. */
export function realTime(): number {
	return realNow();
}
