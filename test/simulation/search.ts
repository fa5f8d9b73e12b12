import fc from 'fast-check';
import { judge, type Violation } from './invariants';
import { runWorld } from './runWorld';
import type { LoadPackage } from './shipped';
import { realTime } from './time/virtualTime';
import { worlds } from './world/arbitraries';
import type { Plan } from './world/plan';

export interface Found {
	seed: number;
	/** The world as it was drawn, and as fast-check could make it smaller. */
	plan: Plan;
	shrunk: Plan;
	/** Of the shrunk world. */
	violations: Violation[];
}

export interface Search {
	seed: number;
	count: number;
	/** Ends with the first violation. */
	first?: boolean;
	/** Only violations of these rules. */
	rules?: string[];
	/** Hears of each world that breaks a rule, at once. */
	onBroken?: (seed: number, rule: string) => void;
	/** Hears how many worlds were run, every now and then. */
	onProgress?: (worlds: number) => void;
	/** Only worlds in which this package breaks none of them. */
	notIn?: LoadPackage;
}

export interface Summary {
	worlds: number;
	/** How many worlds broke a rule, by rule. */
	broken: Map<string, number[]>;
	seconds: number;
	/** Of the processor, which other programs do not change. */
	cpuSeconds: number;
}

/** The seed alone gives the world back. */
export function worldOf(seed: number): Plan {
	const [plan] = fc.sample(worlds, { seed, numRuns: 1 });
	if (!plan) throw new Error('No world was drawn');
	return plan;
}

const PROGRESS = 10_000;

/** Worlds of the seeds from `seed` on. */
export async function search(
	load: LoadPackage,
	{ seed, count, first, rules, notIn, onBroken, onProgress }: Search,
): Promise<Summary> {
	const broken = new Map<string, number[]>();
	const startedAt = realTime();
	const cpuBefore = process.cpuUsage();
	let run = 0;
	for (; run < count; run++) {
		if (run > 0 && run % PROGRESS === 0) onProgress?.(run);
		const plan = worldOf(seed + run);
		const violations = await violationsOf(load, plan, rules);
		if (violations.length > 0 && notIn && (await violationsOf(notIn, plan, rules)).length > 0)
			continue;
		for (const name of new Set(violations.map(nameOf))) {
			broken.set(name, [...(broken.get(name) ?? []), seed + run]);
			onBroken?.(seed + run, name);
		}
		if (first && violations.length > 0) break;
	}
	const { user, system } = process.cpuUsage(cpuBefore);
	const seconds = (realTime() - startedAt) / 1000;
	const cpuSeconds = (user + system) / 1e6;
	return { worlds: Math.min(run + 1, count), broken, seconds, cpuSeconds };
}

export function nameOf({ invariant, rule }: Violation): string {
	return `${invariant}: ${rule}`;
}

export async function violationsOf(
	load: LoadPackage,
	plan: Plan,
	rules?: string[],
): Promise<Violation[]> {
	const violations = judge(await runWorld(load, plan), plan);
	return rules ? violations.filter((one) => rules.includes(nameOf(one))) : violations;
}

/** Makes the world of a seed as small as it can be while it breaks the same rule. */
export async function shrink(
	load: LoadPackage,
	seed: number,
	rule: string,
	path?: string,
): Promise<Found> {
	const plan = worldOf(seed);
	const property = fc.asyncProperty(worlds, async (candidate) => {
		return (await violationsOf(load, candidate, [rule])).length === 0;
	});
	const { counterexample } = await fc.check(property, { seed, numRuns: 1, ...(path && { path }) });
	const shrunk = counterexample?.[0] ?? plan;
	return { seed, plan, shrunk, violations: await violationsOf(load, shrunk) };
}
