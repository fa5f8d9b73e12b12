import { createInterface } from 'node:readline/promises';

const PRICE = 'This makes ONE task at the real Kling: one charge, 20 image units, about $0.07.';

/** The credential for the real Kling from the environment. Throws, saying what is missing. */
export function keysFrom(environment: NodeJS.ProcessEnv): Record<string, string> {
	const baseUrl = environment['KLING_BASE_URL'] ?? '';
	const place = baseUrl === '' ? { region: 'global' } : { region: 'custom', baseUrl };
	const accessKey = environment['KLING_ACCESS_KEY'] ?? '';
	const secretKey = environment['KLING_SECRET_KEY'] ?? '';
	const apiKey = environment['KLING_API_KEY'] ?? '';
	if (accessKey !== '' && secretKey !== '') {
		return { authentication: 'accessKey', accessKey, secretKey, ...place };
	}
	if (apiKey !== '') return { authentication: 'apiKey', apiKey, ...place };
	throw new Error(
		'The real Kling needs KLING_ACCESS_KEY and KLING_SECRET_KEY, or KLING_API_KEY, in the environment',
	);
}

/** Throws unless the user agreed to the price, at the terminal or by --yes. */
export async function agreeToPrice(yes: boolean, signal: AbortSignal): Promise<void> {
	console.log(PRICE);
	if (yes) return;
	if (!process.stdin.isTTY) {
		throw new Error(
			'Nothing was spent: there is no terminal to ask at. --yes agrees to the price.',
		);
	}
	const terminal = createInterface({ input: process.stdin, output: process.stdout });
	try {
		const answer = await terminal.question('Go on? [y/N] ', { signal });
		if (!/^y(es)?$/i.test(answer.trim())) throw new Error('Nothing was spent.');
	} finally {
		terminal.close();
	}
}
