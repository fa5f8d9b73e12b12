import { parseArgs } from 'node:util';

import { scenarios } from './scenarios';

export interface Options {
	quick: boolean;
	seed: number;
	only: string[];
	help: boolean;
}

export const HELP = `npm run bench -- [--quick] [--seed N] [--only a,b]

  --quick  fewer rounds, at most 15 minutes; without it at most 60
  --seed   of the durations of the local Kling's tasks; 1 if not given
  --only   some of ${scenarios.map(({ name }) => name).join(', ')};
           prints their lines and does not write docs/benchmarks.md`;

export function readOptions(given: string[]): Options {
	const { values } = parseArgs({
		args: given,
		options: {
			quick: { type: 'boolean', default: false },
			seed: { type: 'string', default: '1' },
			only: { type: 'string', default: '' },
			help: { type: 'boolean', default: false },
		},
	});
	const only = values.only.split(',').filter(Boolean);
	const unknown = only.filter((name) => !scenarios.some((scenario) => scenario.name === name));
	if (unknown.length > 0) throw new Error(`No scenario ${unknown.join(', ')}\n\n${HELP}`);
	if (!/^\d+$/.test(values.seed)) throw new Error(`--seed must be a whole number: ${values.seed}`);
	return { quick: values.quick, seed: Number(values.seed), only, help: values.help };
}
