import { expectWorks, SETTINGS } from '../e2e/unusual';

it.each(SETTINGS)('a pause and a trigger work with $name', expectWorks, 240_000);
