import type { Colour } from './parts';

const STRONGEST = 0.72;
const BRIGHTEST = 235;

/** A paint of the same hue as `mean`, stronger and bright, since the mean of an image is mostly dull. Grey stays grey. */
export function bodyColour(mean: Colour): Colour {
	const [low, high] = [Math.min(...mean), Math.max(...mean, 1)];
	const strength = (high - low) / high;
	const wanted = Math.min(STRONGEST, strength * 6);
	const [red = 0, green = 0, blue = 0] = mean.map((channel) => {
		const share = strength > 0 ? (high - channel) / (high - low) : 0;
		return Math.round((0.4 * high + 0.6 * BRIGHTEST) * (1 - share * wanted));
	});
	return [red, green, blue];
}
