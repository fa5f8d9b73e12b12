import { readReferences } from '../../../../../../nodes/KlingElement/operations/create/references';
import { contextWith } from '../../../../../../tools/docs/errors/context';

const read = async (referenceUrls: unknown) => {
	const parameters = { referenceSource: 'url', referenceUrls };
	const load = await readReferences(contextWith({ parameters }), 0, false);
	return await load();
};
const [A, B, C] = ['https://a.com/1.jpg?a=1,2', 'http://b.com/2.jpg', 'HTTPS://c.com/3.jpg'];

describe('the addresses of the other images', () => {
	it.each([
		[A, [A]],
		[`${A},${B};${C}`, [A, B, C]],
		[` ,\n${A} , ;\r\n\t${B}\n\n${C},; ,\n`, [A, B, C]],
		[`${A} ${B}`, [A, B]],
		[`${' '.repeat(30_000)}${A}${',\n'.repeat(10_000)}${B}${' '.repeat(30_000)}`, [A, B]],
		[
			[A, ` ${B} ,`, ''],
			[A, B],
		],
	])('%.60j are separated', async (given, expected) => {
		expect(await read(given)).toEqual(expected);
	});

	it.each<[unknown, string]>([
		[' ,; \n', 'is empty'],
		[[A, B, C, A], 'has 4 entries'],
		[`${A},`.repeat(2_000), 'has 2000 entries'],
		['iVBORw0KGgo'.repeat(1_000_000), 'must begin with https:// or http://, got "iVBORw0KGgo'],
		[`https://a.com/x${' '.repeat(50_000)}b`, 'is too long: 50,016 characters'],
		[`https://a.com/x${', '.repeat(60_000)}b`, 'is too long: 120,016 characters'],
	])('%.30j… is refused', async (given, found) => {
		await expect(read(given)).rejects.toThrow(`Reference Image URLs ${found}`);
	});

	/** Once each takes several seconds if the time grows with the square of the length. */
	it.each([
		['blanks', `https://a.com/x${' '.repeat(50_000)}b`],
		['commas', `https://a.com/x${','.repeat(50_000)}b`],
		['many blanks', `https://a.com/x${' '.repeat(110_000)}b`],
	])('%s inside take milliseconds, not seconds', async (_name, given) => {
		const begin = process.cpuUsage();
		await expect(read(given)).rejects.toThrow('is too long');
		const { user, system } = process.cpuUsage(begin);
		expect((user + system) / 1000).toBeLessThan(300);
	});
});
