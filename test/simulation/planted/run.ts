import { search } from '../search';
import { bundlePackage, ROOT } from '../shipped';
import { BUGS } from './bugs';
import { plant } from './plant';

/**
 * Plants each known bug alone, and looks for a world that shows it.
 * @param about only bugs whose name has this
 * @returns whether all were found
 */
export async function runPlanted(from: number, count: number, about: string): Promise<boolean> {
	let all = true;
	const shipped = await bundlePackage();
	for (const bug of BUGS.filter(({ name }) => name.includes(about))) {
		const load = await bundlePackage({ plugins: [plant(bug, ROOT)] });
		const { worlds, broken, seconds } = await search(load, {
			seed: from,
			count,
			rules: bug.breaks,
			first: true,
			notIn: shipped,
		});
		const [found] = broken;
		all &&= found !== undefined;
		const how = found
			? `found in world ${worlds} (seed ${found[1][0]}): ${found[0]}`
			: `NOT FOUND in ${worlds} worlds`;
		console.log(`${bug.name}\n\t${how}, ${seconds.toFixed(1)} s`);
	}
	return all;
}
