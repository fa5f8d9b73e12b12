import { nextCheckMs, type Checked } from '../../../../../nodes/shared/waiting/schedule';
import { quantile } from '../../../../../tools/bench/numbers';
import {
	distributions,
	groups,
	type Distribution,
} from '../../../../../tools/bench/polling/distributions';
import { ours } from '../../../../../tools/bench/polling/schedules';
import { simulate } from '../../../../../tools/bench/polling/simulate';

const TASKS = 10_000;
const SEED = 1;
const all: Array<[string, Distribution]> = Object.entries(distributions);

const created = (ageMs: number, checks = 1): Checked => ({ ageMs, isNew: true, checks });
const found = (ageMs: number, checks = 1): Checked => ({ ageMs, isNew: false, checks });
const automatic = (open: Checked[], tasks = open.length) =>
	nextCheckMs(open, { intervalMs: 0, tasks });

describe('the automatic schedule, over 10,000 tasks in virtual time', () => {
	it.each(all)('sees the end of one item soon, with few checks: %s', (_name, distribution) => {
		const outcome = simulate(groups(distribution, 1, TASKS, SEED), ours);
		expect(outcome.medianMs).toBeLessThanOrEqual(1_200);
		expect(outcome.p95Ms).toBeLessThanOrEqual(3_000);
		expect(outcome.checks).toBeLessThanOrEqual(15);
	});

	it.each(all)('serves ten items together with fewer: %s', (_name, distribution) => {
		const outcome = simulate(groups(distribution, 10, TASKS / 10, SEED), ours);
		expect(outcome.medianMs).toBeLessThanOrEqual(2_000);
		expect(outcome.p95Ms).toBeLessThanOrEqual(4_000);
		// And one create.
		expect(outcome.checks).toBeLessThanOrEqual(2.5);
	});

	it('owes nothing to luck: constant durations of 20 to 60 s', () => {
		const delays = Array.from({ length: 401 }, (_, index) => {
			const drawn = groups(() => 20_000 + index * 100, 1, 1, SEED);
			return simulate(drawn, ours).medianMs;
		});
		expect(quantile(delays, 0.5)).toBeLessThanOrEqual(1_200);
		expect(Math.max(...delays)).toBeLessThanOrEqual(2_400);
	});
});

describe('the automatic schedule', () => {
	it('checks a new task early twice, then not before it is likely to end', () => {
		expect(automatic([created(0, 0)])).toBe(1_000);
		expect(automatic([created(1_000)])).toBe(7_000);
		expect(automatic([created(8_000)])).toBe(8_500);
		expect(automatic([created(16_500)])).toBe(2_400);
		expect(automatic([created(40_000)])).toBe(1_800);
	});

	it('does not repeat a check because its timer fired early', () => {
		expect(automatic([created(999.6)])).toBeCloseTo(7_000.4);
	});

	it.each([created, found])('checks sparser the longer a task takes, within bounds', (task) => {
		for (let ageMs = 60_000; ageMs <= 24 * 60 * 60 * 1000; ageMs *= 1.1) {
			const ms = automatic([task(ageMs)]);
			expect(ms).toBeCloseTo(Math.min(Math.max(3_000, ageMs / 40), 15_000));
		}
	});

	it('checks a task of unknown age at once, then densely', () => {
		expect(automatic([found(0, 0)])).toBe(0);
		expect(automatic([created(3_000), found(0, 0)])).toBe(0);
		expect(automatic([found(300)])).toBe(1_800);
	});

	it('shares the early rounds of tasks created within seconds', () => {
		const ages = [1_000, 900, 700, 400, 100, 0];
		expect(automatic(ages.map((ageMs) => created(ageMs)))).toBe(7_000);
	});

	it('keeps its pace for a task that is created while others are about to end', () => {
		expect(automatic([created(40_000), created(0, 0)])).toBe(1_800);
		expect(automatic([created(300_000), created(16_000)])).toBe(2_400);
	});

	it('serves any number of tasks', () => {
		const many = Array.from({ length: 300_000 }, (_, index) => created(40_000 - (index % 1_000)));
		expect(automatic(many)).toBe(3_400);
	});

	it('saves requests for the last two of many', () => {
		expect(automatic([created(40_000)], 10)).toBe(4_400);
		expect(automatic([created(40_000)], 5)).toBe(1_800);
	});
});

describe('a chosen interval', () => {
	it.each([1, 7, 600])('of %i s is kept exactly, for any number of tasks of any age', (seconds) => {
		for (const open of [
			[created(0, 0)],
			[created(50, 1)],
			[found(900_000, 300)],
			Array.from({ length: 50 }, (_, index) => created(index * 10_000, index)),
		])
			expect(nextCheckMs(open, { intervalMs: seconds * 1_000, tasks: 50 })).toBe(seconds * 1_000);
	});

	it('still checks a task of unknown age at once', () => {
		expect(nextCheckMs([found(0, 0)], { intervalMs: 600_000, tasks: 1 })).toBe(0);
	});
});
