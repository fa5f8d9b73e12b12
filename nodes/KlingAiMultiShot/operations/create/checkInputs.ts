import { createHash } from 'node:crypto';
import type { Creating } from '../../../shared/client/payOnce';
import { isTool } from '../../../shared/input/tool';
import { limiter } from '../../../shared/lib/limiter';
import { addHint } from '../../../shared/run/hint';
import { toItemError } from '../../../shared/run/itemError';
import type { Run } from '../../../shared/run/operation';
import { otherImageError, overLimitError } from './errors';
import { readCreateInput, type CreateInput } from './input';
import { placeOf } from './place';

const CHECKS_CONCURRENCY = 5;

type Checked = CreateInput | Error;

/**
 * Checks every item before anything is sent.
 * @throws NodeOperationError for the first item that is refused, unless the user chose to continue; and where more new
 * tasks would be created than the limit allows
 */
export async function checkInputs(
	run: Run,
	creating: Creating,
	resumeUrl: string | undefined,
): Promise<Checked[]> {
	const { context } = run;
	const limited = limiter(CHECKS_CONCURRENCY);
	const read = await Promise.all(
		context.getInputData().map(
			async (_item, itemIndex) =>
				await limited(async (): Promise<Checked> => {
					try {
						return await readCreateInput(run, itemIndex, resumeUrl);
					} catch (error) {
						return toItemError(context, error, itemIndex);
					}
				}),
		),
	);
	run.signal.throwIfAborted();
	const inputs = await refuseSharedIds(run, read);
	const refused = inputs.find((input) => input instanceof Error);
	if (refused && !context.continueOnFail()) throw refused;
	checkLimit(run, creating, inputs);
	for (const input of inputs)
		if ('image' in input && input.image.hint !== undefined) addHint(context, input.image.hint);
	return inputs;
}

/** One External Task ID stands for one task: a later item with another image is refused. */
async function refuseSharedIds({ context }: Run, inputs: Checked[]): Promise<Checked[]> {
	const firstOf = new Map<string, number>();
	const checked = [...inputs];
	for (const [itemIndex, input] of inputs.entries()) {
		if (input instanceof Error || input.external_task_id === '') continue;
		const first = firstOf.get(input.external_task_id);
		if (first === undefined) {
			firstOf.set(input.external_task_id, itemIndex);
			continue;
		}
		const other = inputs[first];
		if (!other || other instanceof Error || (await isSameImage(input, other))) continue;
		const error = otherImageError(context, input.external_task_id, first);
		checked[itemIndex] = toItemError(context, error, itemIndex);
	}
	return checked;
}

async function isSameImage(one: CreateInput, other: CreateInput): Promise<boolean> {
	return digest(await one.image.load()) === digest(await other.image.load());
}

function digest(image: string): string {
	return createHash('sha256').update(image).digest('base64');
}

/** Items with an own External Task ID may find a task that exists, and are counted when they are sent. */
function checkLimit({ context, execution }: Run, { limit }: Creating, inputs: Checked[]): void {
	// A tool's call is one item, and may be a retry.
	if (limit.max === 0 || isTool(context)) return;
	const wanted = inputs.filter((input, itemIndex) => {
		if (input instanceof Error || input.external_task_id !== '') return false;
		const place = placeOf(context, itemIndex, '');
		return place === undefined || !input.reuseTaskOnRetry || !execution.sentIds.has(place);
	}).length;
	const left = limit.left();
	if (wanted > left) throw overLimitError(context, { wanted, left, max: limit.max });
}
