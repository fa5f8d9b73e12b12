import { meshOf, type Mesh, type Part, type Vector } from './mesh';

const BOX = [0.3, 0.3] as const;
const SOFT_BOX = [0.45, 0.45] as const;
const ROD = [0.25, 1] as const;
/** A rod's axis is y; so it points at the viewer, or to the side. */
const FORWARD: Vector = [90, 0, 0];
const SIDEWAYS: Vector = [0, 0, 90];

const face: Part[] = [
	{ at: [0, 2.42, 0], size: [0.86, 0.6, 0.62], round: SOFT_BOX, paint: 'shell' },
	{ at: [0, 2.42, 0.5], size: [0.68, 0.42, 0.17], round: SOFT_BOX, paint: 'glass' },
	...[-1, 1].map((side): Part => {
		return { at: [side * 0.29, 2.49, 0.655], size: [0.085, 0.14, 0.04], paint: 'light' };
	}),
	...Array.from({ length: 17 }, (_, step): Part => {
		const x = (step - 8) * 0.018;
		const slope = (Math.atan(2 * 4 * x) * 180) / Math.PI;
		const at: Vector = [x, 2.225 + 4 * x * x, 0.662];
		return { at, size: [0.034, 0.028, 0.03], turn: [0, 0, slope], paint: 'light' };
	}),
];

const head: Part[] = [
	...face,
	...[-1, 1].flatMap((side): Part[] => [
		{
			at: [side * 0.9, 2.42, 0],
			size: [0.27, 0.1, 0.27],
			round: ROD,
			turn: SIDEWAYS,
			paint: 'body',
		},
		{
			at: [side * 1, 2.42, 0],
			size: [0.15, 0.06, 0.15],
			round: ROD,
			turn: SIDEWAYS,
			paint: 'metal',
		},
	]),
	{ at: [0, 3.0, 0], size: [0.17, 0.06, 0.17], round: ROD, paint: 'metal' },
	{ at: [0, 3.18, 0], size: [0.035, 0.2, 0.035], round: ROD, paint: 'metal' },
	{ at: [0, 3.42, 0], size: [0.13, 0.13, 0.13], paint: 'body' },
	{ at: [0, 1.83, 0], size: [0.24, 0.16, 0.24], round: ROD, paint: 'metal' },
];

const chest: Part[] = [
	{ at: [0, 1.2, 0], size: [0.7, 0.58, 0.5], round: SOFT_BOX, paint: 'body' },
	{ at: [0, 1.24, 0.47], size: [0.44, 0.3, 0.07], round: BOX, paint: 'shell' },
	{ at: [-0.17, 1.27, 0.54], size: [0.17, 0.03, 0.17], round: ROD, turn: FORWARD, paint: 'metal' },
	{ at: [-0.17, 1.27, 0.56], size: [0.13, 0.03, 0.13], round: ROD, turn: FORWARD, paint: 'glass' },
	{ at: [-0.14, 1.31, 0.6], size: [0.016, 0.075, 0.01], turn: [0, 0, -35], paint: 'sun' },
	{ at: [0.2, 1.37, 0.54], size: [0.065, 0.04, 0.065], round: ROD, turn: FORWARD, paint: 'sun' },
	{ at: [0.2, 1.2, 0.54], size: [0.065, 0.04, 0.065], round: ROD, turn: FORWARD, paint: 'leaf' },
	{ at: [0.1, 1.05, 0.53], size: [0.2, 0.03, 0.03], round: BOX, paint: 'metal' },
];

/** Seen from behind only: vents and the key that winds it up. */
const back: Part[] = [
	...[0, 1, 2].map((row): Part => {
		const at: Vector = [0, 0.84 + row * 0.1, -0.475];
		return { at, size: [0.3, 0.028, 0.03], round: BOX, paint: 'glass' };
	}),
	...[0, 1, 2].map((row): Part => {
		const at: Vector = [0, 2.3 + row * 0.12, -0.6];
		return { at, size: [0.32 - row * 0.06, 0.03, 0.03], round: BOX, paint: 'body' };
	}),
	{ at: [0, 1.4, -0.5], size: [0.14, 0.05, 0.14], round: ROD, turn: FORWARD, paint: 'metal' },
	{ at: [0, 1.4, -0.68], size: [0.05, 0.22, 0.05], round: ROD, turn: FORWARD, paint: 'brass' },
	...[-1, 1].flatMap((side): Part[] => [
		{
			at: [side * 0.2, 1.4, -0.92],
			size: [0.22, 0.05, 0.18],
			round: ROD,
			turn: FORWARD,
			paint: 'brass',
		},
		{
			at: [side * 0.22, 1.4, -0.92],
			size: [0.1, 0.055, 0.08],
			round: ROD,
			turn: FORWARD,
			paint: 'glass',
		},
	]),
];

const arms: Part[] = [
	{ at: [-0.8, 1.5, 0], size: [0.2, 0.2, 0.2], paint: 'metal' },
	{
		at: [-1.0, 1.17, 0.03],
		size: [0.15, 0.36, 0.15],
		round: [0.6, 1],
		turn: [0, 0, -22],
		paint: 'shell',
	},
	{ at: [-1.13, 0.8, 0.06], size: [0.19, 0.19, 0.19], paint: 'body' },
	{ at: [0.8, 1.5, 0], size: [0.2, 0.2, 0.2], paint: 'metal' },
	{
		at: [1.1, 1.7, 0.06],
		size: [0.15, 0.36, 0.15],
		round: [0.6, 1],
		turn: [10, 0, -50],
		paint: 'shell',
	},
	{ at: [1.4, 1.96, 0.12], size: [0.19, 0.19, 0.19], paint: 'body' },
];

const legs = [-1, 1].flatMap((side): Part[] => [
	{ at: [side * 0.36, 0.48, 0], size: [0.16, 0.24, 0.16], round: ROD, paint: 'metal' },
	{ at: [side * 0.38, 0.17, 0.08], size: [0.29, 0.17, 0.42], round: SOFT_BOX, paint: 'shell' },
	{ at: [side * 0.38, 0.06, 0.08], size: [0.305, 0.06, 0.435], round: SOFT_BOX, paint: 'glass' },
]);

/** A toy robot, about 3.5 high, that stands on y = 0 and faces the viewer. */
export const robot = (): Mesh => (mesh ??= meshOf([...head, ...chest, ...back, ...arms, ...legs]));

/** Made when first drawn: most tests draw nothing. */
let mesh: Mesh | undefined;

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** `body` is the paint that changes. */
export const PAINTS: Readonly<Record<string, Colour> & { body: Colour }> = {
	body: [238, 96, 72],
	shell: [246, 238, 224],
	glass: [30, 38, 58],
	metal: [150, 160, 174],
	light: [112, 240, 255],
	sun: [255, 196, 61],
	leaf: [82, 196, 140],
	brass: [222, 170, 74],
};
