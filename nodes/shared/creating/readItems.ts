import { limiter } from '../lib/limiter';
import { toItemError } from '../run/itemError';
import { withCharges } from '../run/klingError';
import type { Run } from '../run/operation';
import type { Words } from '../run/words';
import { earlierOfRefused, earlierTries } from './earlierCharges';

const CHECKS_CONCURRENCY = 5;

/**
 * Reads every item before anything is sent.
 * @returns what was read or why the item is refused, in the order of the input
 */
export async function readItems<Input>(
	run: Run,
	words: Words,
	read: (itemIndex: number) => Promise<Input>,
): Promise<Array<Input | Error>> {
	const { context, signal } = run;
	const limited = limiter(CHECKS_CONCURRENCY);
	const inputs = await Promise.all(
		context.getInputData().map(
			async (_item, itemIndex) =>
				await limited(async (): Promise<Input | Error> => {
					try {
						return await read(itemIndex);
					} catch (error) {
						const earlier = earlierTries(words, earlierOfRefused(run, itemIndex));
						return withCharges(toItemError(context, error, itemIndex), earlier);
					}
				}),
		),
	);
	signal.throwIfAborted();
	return inputs;
}

/** @throws the first refusal, before anything is charged, unless the user chose to continue */
export function throwRefused({ context }: Run, inputs: unknown[]): void {
	const refused = inputs.find((input) => input instanceof Error);
	if (refused && !context.continueOnFail()) throw refused;
}
