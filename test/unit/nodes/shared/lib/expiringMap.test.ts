import { recent } from '../../../../../nodes/shared/lib/expiringMap';

const keysIn = (entries: ReturnType<typeof recent<number>>, keys: string[]) =>
	keys.filter((key) => entries.get(key) !== undefined);

afterEach(() => jest.restoreAllMocks());

it('forgets the oldest beyond its size', () => {
	const entries = recent<number>(3, 1000);
	for (const [value, key] of ['a', 'b', 'c', 'd'].entries()) entries.set(key, value);

	expect(keysIn(entries, ['a', 'b', 'c', 'd'])).toEqual(['b', 'c', 'd']);
});

it('counts as new what was set again', () => {
	const entries = recent<number>(3, 1000);
	for (const [value, key] of ['a', 'b', 'c', 'a', 'd'].entries()) entries.set(key, value);

	expect(keysIn(entries, ['a', 'b', 'c', 'd'])).toEqual(['a', 'c', 'd']);
});

it('forgets after the lifetime, which a look does not prolong', () => {
	const now = jest.spyOn(Date, 'now').mockReturnValue(0);
	const entries = recent<number>(3, 1000);
	entries.set('a', 1);
	now.mockReturnValue(999);
	expect(entries.get('a')).toBe(1);
	now.mockReturnValue(1000);
	expect(entries.get('a')).toBeUndefined();
});

it('forgets what it is told to', () => {
	const entries = recent<number>(3, Infinity);
	entries.set('a', 1);
	entries.delete('a');
	expect(entries.get('a')).toBeUndefined();
});
