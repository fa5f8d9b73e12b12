import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'esbuild';
import type { Bug } from './bugs';

/** @throws where a text to be replaced does not stand in the file exactly once */
export function plant({ name, file, changes }: Bug, root: string): Plugin {
	const target = path.resolve(root, file);
	return {
		name: 'planted-bug',
		setup(build) {
			build.onLoad({ filter: /\.ts$/ }, ({ path: loaded }) => {
				if (loaded !== target) return undefined;
				let contents = readFileSync(loaded, 'utf8');
				for (const { find, replace } of changes) {
					if (contents.split(find).length !== 2)
						throw new Error(`"${name}": the text is not in ${file} exactly once: ${find}`);
					contents = contents.replace(find, () => replace);
				}
				return { contents, loader: 'ts' };
			});
		},
	};
}
