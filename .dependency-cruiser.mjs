/** Who may import whom. test/unit/package/imports.test.ts breaks each rule once. */

const SHIPPED = '^(nodes|credentials)/';
const SHARED = '^nodes/shared';
/** The folder of a node; the group is its name. */
const NODE = '^nodes/(?!shared/)([^/]+)';

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** A layer may import itself and what is below it. */
const layer = (name, folder, below = []) =>
	forbid(
		`layer-${name}`,
		`${name} imports nothing above it or beside it`,
		{ path: folder },
		{ path: SHIPPED, pathNot: [folder, ...below] },
	);

const layers = [
	layer('credentials', '^credentials/', [`${SHARED}/(transport|lib)/`]),
	layer('node', `${NODE}/[^/]+$`, ['^nodes/']),
	layer('operations', `${NODE}/operations/`, [`${SHARED}/`]),
	layer('trigger', `${NODE}/trigger/`, [`${SHARED}/`]),
	layer('rooms', `${SHARED}/(run|input|waiting|output|creating)/`, [
		`${SHARED}/(client|transport|lib)/`,
	]),
	layer('client', `${SHARED}/client/`, [`${SHARED}/(transport|lib)/`]),
	layer('transport', `${SHARED}/transport/`, [`${SHARED}/lib/`]),
	layer('lib', `${SHARED}/lib/`),
];

/** What n8n has, and the libraries that gulpfile.js inlines. */
const LIBRARIES = ['(^|/)node_modules/(n8n-workflow|jose)/', '^(node:)?crypto$'];

export default {
	forbidden: [
		...layers,
		forbid(
			'nodes-apart',
			'Two nodes share code through nodes/shared alone',
			{ path: `${NODE}/` },
			{ path: `${NODE}/`, pathNot: '^nodes/$1/' },
		),
		forbid(
			'shipped-alone',
			'Shipped code does not need tests or tools',
			{ path: SHIPPED },
			{ path: '^(test|tools)/' },
		),
		forbid(
			'shipped-libraries',
			'n8n installs no dependencies of a community node',
			{ path: SHIPPED },
			{ pathNot: [SHIPPED, '^(test|tools)/', ...LIBRARIES] },
		),
		forbid(
			'kling-alone',
			'The local Kling shares no code with the package, and so no mistake',
			{ path: '^test/kling/' },
			{ path: '^(nodes|credentials|tools|test)/', pathNot: '^test/kling/' },
		),
		forbid(
			'kling-libraries',
			'A library that both used would hide its bugs from the tests',
			{ path: '^test/kling/' },
			{ path: '(^|/)node_modules/(jose|image-size)/' },
		),
		forbid('no-cycle', 'Types count as well', {}, { circular: true }),
		forbid('found', 'No rule sees an import that leads nowhere', {}, { couldNotResolve: true }),
	],
	options: {
		doNotFollow: { path: 'node_modules' },
		// Without it imports of types alone are not seen.
		tsPreCompilationDeps: true,
	},
};
