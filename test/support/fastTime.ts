import timers from 'node:timers/promises';

/**
 * For the tests of one file: what sleeps wakes after a `factor`-th of its time, and the clocks of node, local Kling
 * and tests run as much faster. Requests and their timeouts keep the machine's time, so that they seem slower.
 */
export function useFastTime(factor = 5): void {
	const real = {
		now: Date.now,
		performanceNow: performance.now.bind(performance),
		setTimeout: global.setTimeout,
		wait: timers.setTimeout,
	};
	const since = { date: 0, performance: 0 };

	beforeAll(() => {
		since.date = real.now();
		since.performance = real.performanceNow();
		Date.now = () => since.date + (real.now() - since.date) * factor;
		performance.now = () =>
			since.performance + (real.performanceNow() - since.performance) * factor;
		const faster = (handler: () => void, ms = 0): NodeJS.Timeout =>
			real.setTimeout(handler, ms / factor);
		global.setTimeout = Object.assign(faster, real.setTimeout);
		timers.setTimeout = async (ms = 0, ...more) => await real.wait(ms / factor, ...more);
	});
	afterAll(() => {
		Date.now = real.now;
		performance.now = real.performanceNow;
		global.setTimeout = real.setTimeout;
		timers.setTimeout = real.wait;
	});
}
