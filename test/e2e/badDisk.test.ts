import { stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

import { makeImage } from '../kling';
import { outputOf } from '../support/n8n';
import { settle } from '../support/tally';
import { externalTaskId, runCreate, skus } from './creating';
import { databaseRefuses } from './databaseRefuses';
import { fillDisk } from './fullDisk';
import { startOwnN8n, type OwnN8n } from './ownN8n';
import { itemsNode, klingNode, run } from './pausing';
import { expectNoSecrets, idsOf, listed, reads } from './reading';
import { place } from './shared';
import type { Stage } from './stage';

const MB = 1024 * 1024;
/** Beyond n8n's log, and below the 4 MB after which SQLite begins its write-ahead log anew. */
const DATABASE_LIMIT = 2 * MB;
/** Beyond all that n8n writes but a large image. */
const IMAGE_LIMIT = 8 * MB;
const OPEN = 2;
const HOLD_MS = 5_000;
const STORED_WITHIN_MS = 3_000;

let own: OwnN8n;
let stage: Stage;
beforeAll(async () => {
	own = await startOwnN8n();
	({ stage } = own);
}, 240_000);
afterAll(async () => await own.close());
beforeEach(() => stage.kling.reset());

/** Until n8n's database takes nothing any more, not even what is small. Gives what makes room again. */
async function fillDatabase(): Promise<() => Promise<void>> {
	expect((await stat(place().logFile)).size).toBeLessThan(DATABASE_LIMIT);
	const makeRoom = await fillDisk(own, DATABASE_LIMIT);
	for (const length of [200_000, 20_000, 2_000, 0])
		for (let fits = true; fits;) {
			const filler = itemsNode([{ filler: 'x'.repeat(length) }]);
			fits = await stage
				.put({ name: 'Filler', nodes: [filler], connections: {} })
				.then(() => true)
				.catch(() => false);
		}
	return makeRoom;
}

it('database full: nothing is charged, callbacks are not taken, and sent again lose nothing', async () => {
	await databaseRefuses(stage, 'Database full', fillDatabase);
}, 180_000);

it('database full while creating: run again with External Task ID adopts what was paid', async () => {
	const { api, kling } = stage;
	const hold = { on: 'create', kind: 'slow', when: 'after', delayMs: HOLD_MS, skip: OPEN } as const;
	kling.fault({ ...hold, times: Infinity });
	const create = klingNode({
		operation: 'create',
		imageUrl: stage.imageUrl,
		waitForCompletion: false,
		options: { externalTaskId, maxConcurrent: OPEN },
	});
	const id = await run(stage, itemsNode(skus('while', 5)), create);
	await kling.until(() => kling.counters.tasksCharged > OPEN, 30_000);
	const makeRoom = await fillDatabase();
	await kling.until(() => kling.counters.tasksCharged === 5, 30_000);
	await pause(HOLD_MS + STORED_WITHIN_MS);
	const first = await api.getExecution(id);
	await makeRoom();
	console.log(`Database full while creating: the execution stays "${first.status}"`);
	expect(first.status).toBe('running');
	await expectNoSecrets(stage, first);

	const again = await runCreate(stage, skus('while', 5), { options: { externalTaskId } });
	const out = outputOf(again, 'Kling');
	expect(out.map(({ json }) => json['reused'])).toEqual(out.map(() => true));
	settle('Database full while creating, then run again', {
		wanted: 5,
		charged: kling.counters.tasksCharged,
		found: idsOf(out),
	});
	expect((await listed(stage)).sort()).toEqual(idsOf(out).sort());
}, 180_000);

it('disk full for images: the task is output with its URLs, and says so; later they come', async () => {
	const { api, kling } = stage;
	const large = Buffer.concat([await makeImage(), Buffer.alloc(IMAGE_LIMIT)]);
	const location = kling.serve('large.png', large);
	kling.fault({ on: 'view', kind: 'redirect', location, times: Infinity });
	const { task_id } = kling.createTask({ status: 'succeed', charged: true });
	const get = klingNode({ operation: 'get', output: 'task' });
	const download = async () =>
		await api.waitUntilFinished(await run(stage, itemsNode([{ task_id }]), get), 120_000);

	const makeRoom = await fillDisk(own, IMAGE_LIMIT);
	const execution = await download();
	await makeRoom();
	const [item] = outputOf(execution, 'Kling');
	const text =
		reads('Disk full for images', execution) + JSON.stringify(item?.json['download_errors']);
	console.log(`Disk full for images: ${text.slice(0, 300)}`);
	expect(text.match(/n8n could not store the image: EFBIG/g)).toHaveLength(9);
	expect(item?.json).toMatchObject({ task_id, task_status: 'succeed' });
	expect(item?.binary ?? {}).toEqual({});
	settle('Disk full for images', { wanted: 1, charged: 1, found: idsOf(item ? [item] : []) });

	const [whole] = outputOf(await download(), 'Kling');
	expect(Object.keys(whole?.binary ?? {})).toHaveLength(9);
	expect(whole?.json).not.toHaveProperty('download_errors');
}, 240_000);
