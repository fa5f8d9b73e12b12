import { makeImage, seededRandom, startKling, type Kling, type Switches } from '../kling';
import { useFastTime } from '../support/fastTime';
import { startEngine, type Engine, type Run } from '../support/engine';
import { credentialFor } from '../support/stage';
import { WHOLE_TASK } from '../support/parameters';

// More would turn the time of 400 creates at once into request timeouts.
useFastTime(8);

/** Connections of creates dropped after the task was made, or before: nothing may be lost or paid twice. */

/** The simulation tries these worlds in greater number; here they run on n8n's engine and over HTTP. */
const ITEMS = 25;
const DROPPED = 0.4;

let engine: Engine;
let imageBase64: string;

beforeAll(async () => {
	engine = await startEngine({ nodeTypes: 'source' });
	imageBase64 = (await makeImage({ width: 300, height: 300, type: 'png' })).toString('base64');
});
afterAll(() => engine.stop());

interface World {
	name: string;
	switches: Partial<Switches>;
	/** Where nothing can be known, an error is right. */
	mayFail?: true;
}

const worlds: World[] = [
	{ name: 'as reported', switches: {} },
	{ name: 'external ids not unique', switches: { externalIdsUnique: false } },
	{ name: 'the duplicate message worded otherwise', switches: { duplicateMessage: 'wrong {id}' } },
	{ name: 'duplicates under another code', switches: { duplicateCode: 1200 } },
	{ name: 'duplicates without the id in words', switches: { duplicateMessage: 'bad value' } },
	{
		name: 'new tasks visible after 2 s',
		switches: { getVisibleAfterMs: 2000, listVisibleAfterMs: 2000 },
	},
	{
		name: 'new tasks visible after 8 s',
		switches: { getVisibleAfterMs: 8000, listVisibleAfterMs: 8000 },
	},
	{ name: 'lists oldest first', switches: { listOrder: 'oldestFirst' } },
	{ name: 'unknown tasks as 404', switches: { unknownTask: 404 } },
	{ name: 'external ids never shown', switches: { taskInfo: 'omitted' } },
	{ name: 'errors with HTTP 200', switches: { errorsWithHttp200: true } },
	{ name: 'errors with data: null', switches: { errorsCarryNullData: true } },
	{ name: 'lookup by external id off', switches: { lookupByExternalId: false }, mayFail: true },
	{
		name: 'lookup off, ids never shown',
		switches: { lookupByExternalId: false, taskInfo: 'omitted' },
		mayFail: true,
	},
	{
		name: 'lookup off, ids not unique',
		switches: { lookupByExternalId: false, externalIdsUnique: false },
		mayFail: true,
	},
	{
		name: 'lookup off, ids not unique, ids never shown',
		switches: { lookupByExternalId: false, externalIdsUnique: false, taskInfo: 'omitted' },
		mayFail: true,
	},
];

const cases = worlds.flatMap((world) =>
	(['after', 'before'] as const).map((when) => ({ ...world, when })),
);

describe('25 creates, 40 % of the connections dropped', () => {
	it.concurrent.each(cases)(
		'$when the task was made, $name',
		async ({ switches, when, mayFail }) => {
			const kling = await startKling({ mode: 'auto', durationMs: [100, 2000], switches });
			try {
				const dropped = dropSome(kling, when);
				const run = await createMany(kling);
				const { made, failed } = outcome(run);
				if (!mayFail) expect(failed).toEqual([]);
				expect(made.length + failed.length).toBe(ITEMS);
				expect(new Set(made).size).toBe(made.length);
				expectPaidOnce(kling);
				expect(kling.count('create')).toBeLessThanOrEqual(ITEMS + dropped.count);
				if (switches.lookupByExternalId !== false && when === 'before')
					expect(kling.count('create')).toBe(ITEMS + dropped.count);
				if (Object.keys(switches).length === 0 && when === 'after')
					expect(kling.count('create')).toBe(ITEMS);
				// What came out was paid, and what was paid came out, or its error says that it may exist.
				const paid = new Set(kling.tasks.map(({ task_id }) => task_id));
				expect(made.every((id) => paid.has(id))).toBe(true);
				const told = failed.filter((text) => text.includes('may have been created')).length;
				expect(kling.tasks.length - made.length).toBeLessThanOrEqual(told);
			} finally {
				await kling.close();
			}
		},
		240_000,
	);
});

/** No create of one item more than three times, since the fifth failure in a row ends it, as it should. */
function dropSome(kling: Kling, when: 'before' | 'after'): { count: number } {
	const random = seededRandom(7);
	const drops = new Map<unknown, number>();
	const dropped = { count: 0 };
	kling.fault({
		on: 'create',
		kind: 'drop',
		when,
		times: Infinity,
		matching({ body }) {
			const id = isObject(body) ? body.external_task_id : undefined;
			const before = drops.get(id) ?? 0;
			if (before >= 3 || random() >= DROPPED) return false;
			drops.set(id, before + 1);
			dropped.count++;
			return true;
		},
	});
	return dropped;
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}

async function createMany(kling: Kling): Promise<Run> {
	return await engine.runNode({
		executionId: `pay-once-${Math.random()}`,
		credentials: { klingApi: credentialFor(kling) },
		parameters: {
			...WHOLE_TASK,
			operation: 'create',
			imageSource: 'base64',
			imageBase64,
			waitForCompletion: false,
			options: { maxConcurrent: 100 },
		},
		items: Array.from({ length: ITEMS }, (_, item) => ({ json: { item } })),
		nodeSettings: { onError: 'continueRegularOutput' },
	});
}

function outcome(run: Run): { made: string[]; failed: string[] } {
	const made: string[] = [];
	const failed: string[] = [];
	for (const { json } of run.items) {
		if (json.error !== undefined) failed.push(`${String(json.error)} ${String(json.details)}`);
		else made.push(String(json.task_id));
	}
	return { made, failed };
}

function expectPaidOnce(kling: Kling): void {
	const ids = kling.tasks.map(({ external_task_id }) => external_task_id);
	expect(ids.every((id) => id?.startsWith('n8n-'))).toBe(true);
	expect(new Set(ids).size).toBe(ids.length);
	expect(kling.counters.tasksCharged).toBe(ids.length);
}
