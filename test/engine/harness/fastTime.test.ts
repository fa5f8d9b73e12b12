import { setTimeout as pause } from 'node:timers/promises';

import { sleep } from 'n8n-workflow';

import { useFastTime } from '../../support/fastTime';

const realMs = () => Number(process.hrtime.bigint() / 1_000_000n);

describe('fast time', () => {
	useFastTime(10);

	it.each([
		["n8n's sleep", async () => await sleep(1_000)],
		['a promise of node', async () => await pause(1_000)],
	])('shortens %s, and the clocks agree', async (_name, wait) => {
		const before = { date: Date.now(), monotonic: performance.now(), real: realMs() };
		await wait();
		const real = realMs() - before.real;

		expect(real).toBeLessThan(900);
		expect(Date.now() - before.date).toBeGreaterThanOrEqual(990);
		expect(performance.now() - before.monotonic).toBeGreaterThanOrEqual(990);
	});
});

describe('after it', () => {
	it('time is as it was', async () => {
		const before = { date: Date.now(), real: realMs() };
		await sleep(100);

		expect(Date.now() - before.date).toBeLessThan(realMs() - before.real + 50);
	});
});
