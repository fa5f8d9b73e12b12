import { parseArgs } from 'node:util';

import { keysFrom } from '../demo/real';

export const HELP = `npm run test:live -- --spend [flags]

Makes ONE task at the real Kling, which costs 20 image units, about $0.07, and prints which of the facts
held that this package was built on and that nobody could yet vouch for.
Needs KLING_ACCESS_KEY and KLING_SECRET_KEY, or KLING_API_KEY, in the environment;
KLING_BASE_URL for another region than Global (Singapore).

  --spend          agrees to the price
  --spend-twice    also sends the create a second time with the same external id. Kling is said to refuse it
                   and to charge nothing; where that is wrong, a second task is made and CHARGED
  --callback-url   an https address that leads to --callback-port of this machine, such as a tunnel's
  --callback-port  where callbacks are listened for, on 127.0.0.1; 8787 unless told
  --help           this text`;

const GLOBAL = 'https://api-singapore.klingai.com';

export interface Options {
	help: boolean;
	spendTwice: boolean;
	/** Without one Kling is asked for no callbacks. */
	callbackUrl: string | undefined;
	callbackPort: number;
	keys: Record<string, string>;
	baseUrl: string;
}

/** Throws, saying what is missing, before anything is sent. */
export function readOptions(commandArguments: string[], environment: NodeJS.ProcessEnv): Options {
	const flag = { type: 'boolean', default: false } as const;
	const { values } = parseArgs({
		args: commandArguments,
		options: {
			help: flag,
			spend: flag,
			'spend-twice': flag,
			'callback-url': { type: 'string' },
			'callback-port': { type: 'string', default: '8787' },
		},
	});
	const keys = values.help ? {} : keysFrom(environment);
	if (!values.spend && !values.help)
		throw new Error('Nothing was sent: --spend agrees to the price of one task, about $0.07');
	return {
		help: values.help,
		spendTwice: values['spend-twice'],
		callbackUrl: values['callback-url'],
		callbackPort: Number(values['callback-port']),
		keys,
		baseUrl: checked(keys.baseUrl ?? GLOBAL),
	};
}

/** Keys go over https, or to this machine. */
function checked(baseUrl: string): string {
	const { protocol, hostname, origin } = new URL(baseUrl);
	if (protocol === 'https:' || hostname === '127.0.0.1') return origin;
	throw new Error('KLING_BASE_URL must begin with https://');
}
