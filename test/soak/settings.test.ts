import { expectWorks, NOT_WORKING, SETTINGS } from '../e2e/unusual';

it.each(SETTINGS)('a pause and a trigger work with $name', expectWorks, 240_000);

// Once this passes, it belongs to the list above.
it.failing(
	`a pause and a trigger work with ${NOT_WORKING.name}`,
	async () => await expectWorks(NOT_WORKING),
	240_000,
);
