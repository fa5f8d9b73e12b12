import { parseArgs } from 'node:util';
import { best } from './best';
import { distributions, groups } from './distributions';
import { every, everyFrom, growing, ours } from './schedules';
import { simulate, type Outcome } from './simulate';

const HELP = `npm run bench:polling -- [--seed N]

How long after its end a task is seen, and how many checks that takes: for the automatic Poll
Interval, for other schedules, and for the best possible schedule, which knows how long tasks
take. Runs in virtual time, in less than a minute.

  --seed   of the tasks' durations; 1 if not given`;

const TASKS = 10_000;
const HEADINGS = ['schedule', 'median', 'p95', 'mean', 'checks/task'];

function main(): void {
	const { values } = parseArgs({
		options: { seed: { type: 'string', default: '1' }, help: { type: 'boolean', default: false } },
	});
	if (values.help) return console.log(HELP);
	if (!/^\d+$/.test(values.seed)) throw new Error(`--seed must be a whole number: ${values.seed}`);
	const seed = Number(values.seed);
	for (const size of [1, 10])
		for (const [name, distribution] of Object.entries(distributions)) {
			const drawn = groups(distribution, size, TASKS / size, seed);
			const items = size === 1 ? 'one item' : `${size} items created together`;
			const fixed = simulate(drawn, every(5_000));
			const automatic = simulate(drawn, ours);
			console.log(`\n${TASKS} tasks, ${name}, ${items}`);
			print([
				['every 5 s', fixed],
				['5 s growing to 15 s', simulate(drawn, growing(seed))],
				['every 2.2 s from 15 s on', simulate(drawn, everyFrom(15_000, 2_200))],
				['automatic', automatic],
				['best with the checks of automatic', best(drawn, size, automatic.checks)],
				['best with the checks of every 5 s', best(drawn, size, fixed.checks)],
			]);
		}
}

function print(rows: Array<[string, Outcome]>): void {
	const cells = rows.map(([name, { medianMs, p95Ms, meanMs, checks }]) => [
		name,
		...[medianMs, p95Ms, meanMs].map((ms) => `${(ms / 1000).toFixed(2)} s`),
		checks.toFixed(2),
	]);
	for (const [name = '', ...numbers] of [HEADINGS, ...cells])
		console.log(name.padEnd(36) + numbers.map((text) => text.padStart(12)).join(''));
}

main();
