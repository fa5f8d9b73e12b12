import { filesOf, readDocument } from './markdown';

const LIST = 'nodes/KlingAiMultiShot/operations/index.ts';

/** `test/e2e/addOperation.test.ts` builds the example and runs it. */
describe("CONTRIBUTING's new operation", () => {
	it('is one file, its name in the list, and a test', () => {
		const files = filesOf(readDocument('CONTRIBUTING.md'));
		const added = files.map(({ path }) => path).filter((path) => path !== LIST);
		const list = files.find(({ path }) => path === LIST)?.code ?? '';
		const before = list.replace(/^import \{ status \}.*\n/m, '').replace(' status,', '');

		expect(added).toHaveLength(2);
		expect(before).toBe(readDocument(LIST));
	});
});
