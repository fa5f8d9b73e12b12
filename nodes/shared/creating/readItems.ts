import { limiter } from '../lib/limiter';
import { toItemError } from '../run/itemError';
import type { Run } from '../run/operation';

const CHECKS_CONCURRENCY = 5;

/**
 * Reads every item before anything is sent.
 * @returns what was read or why the item is refused, in the order of the input
 */
export async function readItems<Input>(
	{ context, signal }: Run,
	read: (itemIndex: number) => Promise<Input>,
): Promise<Array<Input | Error>> {
	const limited = limiter(CHECKS_CONCURRENCY);
	const inputs = await Promise.all(
		context.getInputData().map(
			async (_item, itemIndex) =>
				await limited(async (): Promise<Input | Error> => {
					try {
						return await read(itemIndex);
					} catch (error) {
						return toItemError(context, error, itemIndex);
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
