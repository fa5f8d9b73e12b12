import { seededRandom } from '../kling';
import { encode, type Encoded } from './encoded';
import { HOSTILE } from './hostile';
import { anotherType, cutOff, damaged, foreignVariant } from './illegal';
import { changedJpeg, changedPng, JPEG_CHANGES, PNG_CHANGES } from './legal';
import { makeDice, type Dice, type Kind, type Sample } from './sample';

/** How often each kind is drawn among a hundred. */
const SHARES: ReadonlyArray<[kind: Kind, share: number]> = [
	['as encoders write them', 14],
	['odd but legal JPEG', 24],
	['odd but legal PNG', 14],
	['outside the size rules', 6],
	['cut off', 18],
	['another type', 8],
	['a foreign variant', 8],
	['damaged', 8],
];

const TYPE_OF_KIND: Partial<Record<Kind, Encoded['type']>> = {
	'odd but legal JPEG': 'jpeg',
	'odd but legal PNG': 'png',
};

/** Of each type. */
const PLAIN_IMAGES = 60;
const plainImages = new Map<string, Promise<Encoded>>();

/** Edges of Kling's rules. */
const SIZES = [
	{ width: 299, height: 300 },
	{ width: 300, height: 299 },
	{ width: 1, height: 1 },
	{ width: 300, height: 750 },
	{ width: 300, height: 751 },
	{ width: 752, height: 300 },
	{ width: 1_000, height: 400 },
	{ width: 100, height: 1_200 },
];

/** All hostile ones, then `count` from the seed, one after the other. */
export async function* buildSamples(count: number, seed: number): AsyncGenerator<Sample> {
	for (const [name, make] of Object.entries(HOSTILE))
		yield { kind: 'hostile', name, bytes: make(), mustBeRefused: true };
	const kinds = SHARES.flatMap(([kind, share]) => Array.from({ length: share }, () => kind));
	for (let index = 0; index < count; index++) {
		const dice = makeDice(seededRandom(seed * 1_000_003 + index));
		const kind = dice.pick(kinds);
		const sample = await build(kind, dice);
		yield { ...sample, kind, name: `${sample.name} (seed ${seed}, number ${index})` };
	}
}

async function build(kind: Kind, dice: Dice): Promise<Omit<Sample, 'kind'>> {
	if (kind === 'as encoders write them') return await encode(dice);
	if (kind === 'outside the size rules') return await encode(dice, undefined, dice.pick(SIZES));
	const type = TYPE_OF_KIND[kind] ?? dice.pick(['jpeg', 'png'] as const);
	const image = await plain(type, dice.below(PLAIN_IMAGES));
	if (kind === 'cut off') return { ...cutOff(image, dice), mustBeRefused: true };
	if (kind === 'another type') return await anotherType(image, dice);
	if (kind === 'a foreign variant') return foreignVariant(image, dice);
	if (kind === 'damaged') return damaged(image, dice);
	return oddButLegal(image, dice);
}

/** What is changed in most samples. Encoding takes far longer than anything else, so that some are used again. */
async function plain(type: Encoded['type'], number: number): Promise<Encoded> {
	const key = `${type} ${number}`;
	const known = plainImages.get(key) ?? encode(makeDice(seededRandom(number)), type);
	plainImages.set(key, known);
	return await known;
}

/** Up to three changes on top of each other. */
function oddButLegal(image: Encoded, dice: Dice): Omit<Sample, 'kind'> {
	const isJpeg = image.type === 'jpeg';
	const changes = isJpeg ? Object.keys(JPEG_CHANGES) : PNG_CHANGES;
	// What is put behind the end is no segment that a second change could find its way by.
	const first = changes.filter((name) => !/end$|bytes$/.test(name));
	let { bytes } = image;
	const names = Array.from({ length: dice.below(3) }, () => dice.pick(first));
	names.push(dice.pick(changes));
	for (const name of names)
		bytes = isJpeg ? changedJpeg(bytes, name, dice) : changedPng(bytes, name, dice);
	return { name: `${image.name}: ${names.join(', ')}`, bytes };
}
