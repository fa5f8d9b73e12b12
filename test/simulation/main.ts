import { parseArgs } from 'node:util';
import { compareEngines } from './engine/compare';
import { nameOf, search, shrink, violationsOf, worldOf } from './search';
import { bundlePackage, type LoadPackage } from './shipped';
import { judge } from './invariants';
import { runPlanted } from './planted/run';
import { runWorld } from './runWorld';
import { transcript } from './transcript';
import type { Plan } from './world/plan';
import { installSteadyCrypto } from './time/steadyChance';

const HELP = `Seeded worlds in virtual time: one seed replays any failure.

  --worlds <count>   how many worlds; 10000 unless given
  --from <seed>      the first one's seed; 1 unless given
  --seed <seed>      replays one world
  --plan <json>      tells what happens in this world
  --rule <name>      looks for violations of one rule alone, such as "1: charged again by one process"
  --quick            does not make the first violation of each kind smaller
  --path <path>      where fast-check is to begin to make it smaller
  --planted          plants known bugs one at a time, and looks for each
  --about <words>    with --planted: only bugs whose name has these words
  --engine           runs worlds on n8n's own engine, too, and compares what comes out
  --source <folder>  takes the shipped sources of another checkout
  --help             this
`;

const { values } = parseArgs({
	options: {
		worlds: { type: 'string', default: '10000' },
		from: { type: 'string', default: '1' },
		seed: { type: 'string' },
		plan: { type: 'string' },
		rule: { type: 'string' },
		quick: { type: 'boolean', default: false },
		path: { type: 'string' },
		planted: { type: 'boolean', default: false },
		about: { type: 'string', default: '' },
		engine: { type: 'boolean', default: false },
		source: { type: 'string' },
		help: { type: 'boolean', default: false },
	},
});

async function main(): Promise<void> {
	if (values.help) return console.log(HELP);
	installSteadyCrypto();
	// Nobody reads them, and they cost a third of the time.
	Error.stackTraceLimit = 0;
	if (values.planted)
		process.exit(
			(await runPlanted(Number(values.from), Number(values.worlds), values.about)) ? 0 : 1,
		);
	const load = await bundlePackage({ source: values.source });
	if (values.engine) process.exit(await compare(load));
	const code =
		values.plan !== undefined
			? await tell(load, values.plan)
			: values.seed === undefined
				? await run(load)
				: await replay(load, Number(values.seed));
	process.exit(code);
}

async function compare(load: LoadPackage): Promise<number> {
	const count = Number(values.worlds);
	const different = await compareEngines(load, Number(values.from), count);
	console.log(`${count} worlds on n8n's own engine, ${different.size} different`);
	for (const [seed, difference] of different) console.log(`seed ${seed}\n\t${difference}`);
	return different.size > 0 ? 1 : 0;
}

async function run(load: LoadPackage): Promise<number> {
	const { rule } = values;
	const { worlds, broken, seconds, cpuSeconds } = await search(load, {
		seed: Number(values.from),
		count: Number(values.worlds),
		onProgress: (done) => console.error(`${done} worlds`),
		onBroken: (seed, name) => console.error(`seed ${seed}: ${name}`),
		...(rule !== undefined && { rules: [rule] }),
	});
	const speed = `${Math.round(worlds / seconds)} a second, ${Math.round(worlds / cpuSeconds)} a second of processor time`;
	const total = [...broken.values()].reduce((sum, seeds) => sum + seeds.length, 0);
	console.log(`${worlds} worlds in ${seconds.toFixed(1)} s (${speed}), ${total} violations`);
	for (const [name, seeds] of broken) {
		console.log(`\n${name}: ${seeds.length} worlds, seeds ${seeds.slice(0, 5).join(', ')}`);
		if (!values.quick) await show(load, seeds[0] ?? 0, name);
	}
	return total > 0 ? 1 : 0;
}

async function replay(load: LoadPackage, seed: number): Promise<number> {
	const plan = worldOf(seed);
	const violations = await violationsOf(
		load,
		plan,
		values.rule === undefined ? undefined : [values.rule],
	);
	console.log(JSON.stringify(plan, null, '\t'));
	for (const one of violations) console.log(`${nameOf(one)}\n\t${one.detail}`);
	if (violations.length === 0) console.log('No violation.');
	else if (!values.quick)
		for (const name of new Set(violations.map(nameOf))) await show(load, seed, name);
	return violations.length > 0 ? 1 : 0;
}

/** A world from a file or the command line, with everything that was seen in it. */
async function tell(load: LoadPackage, text: string): Promise<number> {
	const plan = JSON.parse(text) as Plan;
	const record = await runWorld(load, plan);
	for (const line of transcript(record)) console.log(line);
	const violations = judge(record, plan);
	for (const one of violations) console.log(`${nameOf(one)}\n\t${one.detail}`);
	return violations.length > 0 ? 1 : 0;
}

async function show(load: LoadPackage, seed: number, name: string): Promise<void> {
	const { shrunk, violations } = await shrink(load, seed, name, values.path);
	console.log(`\tthe smallest world like seed ${seed}:`);
	console.log(`\t${JSON.stringify(shrunk)}`);
	for (const one of violations) console.log(`\t${nameOf(one)}\n\t\t${one.detail}`);
}

void main();
