import FakeTimers from '@sinonjs/fake-timers';

/** Milliseconds of real time between two advances of the clock. */
const TURN_MS = 5;

/**
 * Lets time run faster in this test file: timers, Date and performance.now() of the node, of n8n and of the local Kling
 * alike. Sockets stay as fast as they are, so what takes 20 s here takes 1 s at a speed of 20.
 */
export function useFastClock(speed = 20): void {
	const real = { setInterval, clearInterval };
	let clock: ReturnType<typeof FakeTimers.install>;
	let turning: NodeJS.Timeout;

	beforeAll(() => {
		clock = FakeTimers.install({
			now: Date.now(),
			toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
		});
		turning = real.setInterval(() => clock.tick(TURN_MS * speed), TURN_MS);
	});
	afterAll(() => {
		real.clearInterval(turning);
		clock.uninstall();
	});
}
