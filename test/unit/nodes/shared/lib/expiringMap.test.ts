import { expiringMap, type ExpiringMap } from '../../../../../nodes/shared/lib/expiringMap';

const keysIn = (entries: ExpiringMap<number>, keys: string[]) =>
	keys.filter((key) => entries.get(key) !== undefined);

const BOUNDS = { max: 3, lifetimeMs: 1000 };

afterEach(() => jest.restoreAllMocks());

it('drops the oldest beyond its size', () => {
	const entries = expiringMap<number>(BOUNDS);
	for (const [value, key] of ['a', 'b', 'c', 'd'].entries()) entries.set(key, value);

	expect(keysIn(entries, ['a', 'b', 'c', 'd'])).toEqual(['b', 'c', 'd']);
});

it('counts as new what was set again', () => {
	const entries = expiringMap<number>(BOUNDS);
	for (const [value, key] of ['a', 'b', 'c', 'a', 'd'].entries()) entries.set(key, value);

	expect(keysIn(entries, ['a', 'b', 'c', 'd'])).toEqual(['a', 'c', 'd']);
});

it('drops after the lifetime, which a read does not prolong', () => {
	const now = jest.spyOn(performance, 'now').mockReturnValue(0);
	const entries = expiringMap<number>(BOUNDS);
	entries.set('a', 1);
	now.mockReturnValue(999);
	expect(entries.get('a')).toBe(1);
	now.mockReturnValue(1000);
	expect(entries.get('a')).toBeUndefined();
});

it('keeps what is held, beyond its size and its lifetime', () => {
	const now = jest.spyOn(performance, 'now').mockReturnValue(0);
	const entries = expiringMap<number>({ ...BOUNDS, isHeld: (value) => value === 0 });
	for (const [value, key] of ['a', 'b', 'c', 'd', 'e'].entries()) entries.set(key, value);
	now.mockReturnValue(5000);

	expect(keysIn(entries, ['a', 'b', 'c', 'd', 'e'])).toEqual(['a']);
});

it('forgets what it is told to', () => {
	const entries = expiringMap<number>({ max: 3, lifetimeMs: Infinity });
	entries.set('a', 1);
	entries.delete('a');
	expect(entries.get('a')).toBeUndefined();
});
