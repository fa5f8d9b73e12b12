import { writeFileSync } from 'node:fs';
import { ERRORS_PAGE, renderPage } from './errors/page';

/** `npm run docs:errors`: writes docs/errors.md again from the code. */
async function main(): Promise<void> {
	writeFileSync(ERRORS_PAGE, await renderPage());
	console.log(`${ERRORS_PAGE} is up to date`);
}

void main();
