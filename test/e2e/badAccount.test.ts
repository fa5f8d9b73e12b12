import { numbered, runCreate } from './creating';
import { settle } from '../support/tally';
import { expectNoSecrets, namedIn, reads } from './reading';
import { useStage } from './stage';

const ITEMS = 12;
const MADE = 3;
/** Creates that are under way when the first one is refused. */
const SIDE_BY_SIDE = 5;

const stage = useStage();
beforeEach(() => stage.kling.reset());

it.each([
	[1100, /Account exception.*Check the account in the Kling console/],
	[1101, /Account in arrears.*Recharge/],
	[1102, /Resource pack exhausted or expired.*Buy a resource pack/],
])('%i in the middle of a batch ends it and names what was charged', async (code, advice) => {
	const { kling } = stage;
	kling.fault({ on: 'create', kind: 'error', code, skip: MADE, times: Infinity });
	const execution = await runCreate(stage, numbered(ITEMS));
	const text = reads(`Code ${code} after ${MADE} of ${ITEMS} creates`, execution);
	settle(`Code ${code} after ${MADE} of ${ITEMS} creates`, {
		wanted: ITEMS,
		charged: kling.counters.tasksCharged,
		found: namedIn(text, stage),
	});
	expect(text).toMatch(/^error: Kling could not create the task/);
	expect(text).toMatch(advice);
	expect(text).toMatch(new RegExp(`Kling code: ${code} .*Request ID: \\S+`));
	expect(kling.counters.tasksCharged).toBe(MADE);
	expect(kling.count('create')).toBeLessThanOrEqual(MADE + SIDE_BY_SIDE);
	await expectNoSecrets(stage, execution);
});

it('keys of another region: nothing is charged, and the Region is named', async () => {
	const { kling } = stage;
	kling.switches.wrongRegion = true;
	const execution = await runCreate(stage, numbered(ITEMS));
	const text = reads('Wrong region', execution);
	settle('Wrong region', { wanted: 0, charged: kling.counters.tasksCharged, found: [] });
	expect(text).toMatch(/^error: Kling could not create the task: Authentication failed/);
	expect(text).toMatch(/its Region: keys of one region do not work in the other/);
	expect(text).toMatch(/Nothing was created or charged for this item\.\n(.+\n)*Kling code: 1000/);
	expect(kling.count('create')).toBeLessThanOrEqual(SIDE_BY_SIDE);
	await expectNoSecrets(stage, execution);
});
