const { spawnSync } = require('node:child_process');
const { readFile, rm } = require('node:fs/promises');
const path = require('node:path');
const esbuild = require('esbuild');
const { dest, parallel, series, src, watch } = require('gulp');

/** Files into which a library of devDependencies is inlined, since n8n installs no dependencies; its licence stands on top. */
const INLINED = [{ file: 'nodes/shared/transport/token', library: 'jose', licence: 'LICENSE.md' }];

const ASSETS = ['nodes/**/*.{svg,node.json}', 'credentials/**/*.svg'];

function clean() {
	return rm('dist', { recursive: true, force: true });
}

function compile(done) {
	const typescript = path.join(path.dirname(require.resolve('typescript')), 'tsc.js');
	const { status } = spawnSync(process.execPath, [typescript, '-p', 'tsconfig.json'], {
		stdio: 'inherit',
	});
	done(status === 0 ? undefined : new Error('tsc found errors'));
}

function assets() {
	return src(ASSETS, { base: '.', encoding: false }).pipe(dest('dist'));
}

async function inline() {
	for (const { file, library, licence } of INLINED) {
		const terms = await readFile(`node_modules/${library}/${licence}`, 'utf8');
		const { metafile } = await esbuild.build({
			// From the source: only there does esbuild see which parts of the library are used.
			entryPoints: [path.resolve(`${file}.ts`)],
			outfile: `dist/${file}.js`,
			allowOverwrite: true,
			bundle: true,
			platform: 'node',
			target: 'node20',
			format: 'cjs',
			// Reviewers read what is published: nothing is minified, and no name changed.
			charset: 'utf8',
			metafile: true,
			external: ['n8n-workflow', 'node:*'],
			plugins: [ownFilesStay],
			banner: { js: `/*\nContains parts of ${library}.\n\n${terms.trim()}\n*/` },
		});
		const found = Object.keys(metafile.inputs).flatMap((input) =>
			input.split('node_modules/').slice(1),
		);
		const foreign = found.filter((input) => !input.startsWith(`${library}/`));
		if (foreign.length > 0) throw new Error(`${file} would hold ${foreign} without a licence`);
	}
}

/** Our own files are required from where they are; only libraries are inlined. */
const ownFilesStay = {
	name: 'own-files-stay',
	setup(build) {
		build.onResolve({ filter: /^\.\.?\// }, ({ importer, path: imported }) =>
			importer.includes('node_modules') ? undefined : { path: imported, external: true },
		);
	},
};

exports.build = series(clean, parallel(compile, assets), inline);
exports.watch = () =>
	watch(
		[...ASSETS, 'nodes/**/*.ts', 'credentials/**/*.ts'],
		{ ignoreInitial: false },
		exports.build,
	);
