import { readFileSync } from 'node:fs';

import { BADGES, renderBadges } from '../../../tools/images/badges';

it('the badges say what package.json and the tests say', () => {
	expect(readFileSync(BADGES, 'utf8')).toBe(renderBadges());
});
