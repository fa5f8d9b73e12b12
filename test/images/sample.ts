/** The kinds of images that are told apart in the report. */
export type Kind =
	| 'as encoders write them'
	| 'odd but legal JPEG'
	| 'odd but legal PNG'
	| 'outside the size rules'
	| 'cut off'
	| 'another type'
	| 'a foreign variant'
	| 'hostile'
	| 'damaged';

export interface Sample {
	kind: Kind;
	/** What was done to it. */
	name: string;
	bytes: Buffer;
	/** By how it was made: bytes are missing, or there is no image at all. */
	mustBeRefused?: boolean;
}

/** Random choices that a seed repeats. */
export interface Dice {
	/** 0 to `count` - 1. */
	below(count: number): number;
	pick<Value>(values: readonly Value[]): Value;
	bytes(length: number): Buffer;
}

export function makeDice(random: () => number): Dice {
	const below = (count: number) => Math.floor(random() * count);
	return {
		below,
		pick<Value>(values: readonly Value[]): Value {
			const value = values[below(values.length)];
			if (value === undefined) throw new Error('Nothing to pick from');
			return value;
		},
		bytes(length) {
			const bytes = Buffer.alloc(length);
			for (let at = 0; at < length; at++) bytes[at] = below(256);
			return bytes;
		},
	};
}
