import fc, { type Arbitrary } from 'fast-check';

/** `common` in most worlds, since a world in which everything goes wrong at once hides one fault behind another. */
export function mostly<Value>(common: Value, rare: Arbitrary<Value>, weight = 3): Arbitrary<Value> {
	return fc.oneof({ arbitrary: fc.constant(common), weight }, { arbitrary: rare, weight: 1 });
}

/** Without the key where the value is undefined. */
export function optional<Key extends string, Value>(
	key: Key,
	value: Arbitrary<Value>,
	weight = 3,
): Arbitrary<{ [Name in Key]?: Value }> {
	type Has = { [Name in Key]?: Value };
	return mostly<Has>(
		{},
		value.map((given) => ({ [key]: given }) as Has),
		weight,
	);
}

/** One object of several parts. */
export function merged<Whole extends object>(parts: ReadonlyArray<Partial<Whole>>): Whole {
	const whole: object = {};
	for (const part of parts) Object.assign(whole, part);
	return whole as Whole;
}
