import { databaseRefuses } from '../databaseRefuses';
import { openStage } from '../stage';
import { at, cluster } from './stage';

it('a read-only database: nothing is paid, callbacks are not taken, and sent again lose nothing', async () => {
	const stage = await openStage();
	const { forbidWriting, webhook } = cluster();
	const begun = await databaseRefuses(stage, 'Database read-only', forbidWriting, (url) =>
		at(webhook, url),
	);
	expect(begun).toMatch(/read-only transaction/);
	await stage.close();
}, 120_000);
