import { seconds } from '../../test/support/n8n';
import { openBench } from './bench';
import { HELP, readOptions } from './options';
import { leadOf } from './report/lead';
import { table } from './report/table';
import { writeReport, type Measured } from './report/write';
import { scenarios } from './scenarios';

async function main(): Promise<void> {
	const { quick, seed, only, help } = readOptions(process.argv.slice(2));
	if (help) return console.log(HELP);
	const begin = Date.now();
	const say = (line: string) => console.log(`${seconds(Date.now() - begin).padStart(12)}  ${line}`);
	const bench = await openBench({ quick, seed, say });
	const measured: Measured[] = [];
	try {
		for (const scenario of scenarios) {
			if (only.length > 0 && !only.includes(scenario.name)) continue;
			say(scenario.title);
			const result = await scenario.run(bench);
			console.log(`\n${table(result.lines)}\n`);
			measured.push({ scenario, result });
		}
	} finally {
		await bench.close();
	}
	console.log(`\n${table(measured.flatMap(({ result }) => result.lines))}\n`);
	console.log(`${leadOf(measured).join('\n')}\n`);
	if (only.length > 0) return;
	await writeReport(bench, measured, Date.now() - begin);
	say('docs/benchmarks.md and docs/benchmarks.svg are written');
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.stack : error);
	process.exitCode = 1;
});
