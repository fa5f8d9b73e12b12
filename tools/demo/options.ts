import { parseArgs } from 'node:util';

export const HELP = `npm start -- [flags]

Starts a real n8n and a local Kling, runs the example workflow on an image and leaves the
editor open until Ctrl-C. Costs nothing. The views are stand-ins that the local Kling draws.
The first start downloads n8n, about 2.2 GB, once for all clones.

  --once   end after the run: exit code 0, or another with the reason
  --real   use the real Kling for one task, which costs money: the price is shown and y/N asked.
           Needs KLING_ACCESS_KEY and KLING_SECRET_KEY, or KLING_API_KEY;
           KLING_BASE_URL for another region than Global (Singapore)
  --yes    with --real: do not ask
  --help   this text`;

export interface Options {
	once: boolean;
	real: boolean;
	yes: boolean;
	help: boolean;
}

/** Throws on flags that are not known or make no sense together. */
export function readOptions(commandArguments: string[]): Options {
	const flag = { type: 'boolean', default: false } as const;
	const { values } = parseArgs({
		args: commandArguments,
		options: { once: flag, real: flag, yes: flag, help: { ...flag, short: 'h' } },
		strict: true,
	});
	if (values.yes && !values.real) throw new Error('--yes goes with --real only');
	return values;
}
