import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

const SHIPPED = ['credentials/**/*.ts', 'nodes/**/*.ts'];
const NODE = './nodes/KlingAiMultiShot';
const SHARED = './nodes/shared';
const ROOMS = ['run', 'input', 'waiting', 'output'];

const NODE_CLASSES = ['KlingAiMultiShot.node.ts', 'KlingAiMultiShotTrigger.node.ts'];

const classes = NODE_CLASSES.map((name) => `${NODE}/${name}`);
const inShared = (rooms) => rooms.map((room) => `${SHARED}/${room}`);

/** What a layer may not import: all that stands above it. */
const layers = [
	{ target: `${SHARED}/lib`, above: [NODE, ...inShared([...ROOMS, 'client', 'transport'])] },
	{ target: `${SHARED}/transport`, above: [NODE, ...inShared([...ROOMS, 'client'])] },
	{ target: `${SHARED}/client`, above: [NODE, ...inShared(ROOMS)] },
	...inShared(ROOMS).map((target) => ({ target, above: [NODE] })),
	{ target: `${NODE}/operations`, above: [`${NODE}/trigger`, ...classes] },
	{ target: `${NODE}/trigger`, above: [`${NODE}/operations`, ...classes] },
];

export default tseslint.config(
	{ ignores: ['dist/', 'coverage/', '.n8n-local/'] },
	{ linterOptions: { reportUnusedDisableDirectives: 'error' } },
	{
		files: ['**/*.ts'],
		extends: [tseslint.configs.recommendedTypeChecked],
		languageOptions: {
			parserOptions: { project: ['./tsconfig.json', './test/tsconfig.json'] },
		},
		plugins: { 'import-x': importX },
		settings: {
			'import-x/resolver-next': [createTypeScriptImportResolver()],
			// Without it no-cycle looks into no TypeScript file and finds nothing.
			'import-x/extensions': ['.ts'],
		},
		rules: {
			'no-console': 'error',
			'@typescript-eslint/no-explicit-any': 'error',
			// Interfaces of n8n want promises where there is nothing to wait for.
			'@typescript-eslint/require-await': 'off',
			'@typescript-eslint/ban-ts-comment': 'error',
			'import-x/no-cycle': 'error',
			'import-x/no-restricted-paths': [
				'error',
				{
					zones: [
						...layers.map(({ target, above }) => ({ target, from: above })),
						{ target: './nodes', from: './credentials' },
						{ target: ['./nodes', './credentials'], from: ['./test', './tools'] },
						{ target: './test/kling', from: ['./nodes', './credentials'] },
					],
				},
			],
		},
	},
	{
		files: SHIPPED,
		extends: [n8nCommunityNodesPlugin.configs.recommended],
		plugins: { 'n8n-nodes-base': n8nNodesBase },
	},
	{
		files: ['credentials/**/*.ts'],
		rules: {
			...n8nNodesBase.configs.credentials.rules,
			'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
			'n8n-nodes-base/cred-class-field-type-options-password-missing': 'off',
		},
	},
	{
		files: ['nodes/**/*.ts'],
		rules: {
			...n8nNodesBase.configs.nodes.rules,
			'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
			'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
			'n8n-nodes-base/node-param-type-options-max-value-present': 'off',
		},
	},
	{
		files: ['test/**/*.ts', 'tools/**/*.ts'],
		rules: {
			'no-console': 'off',
			'no-restricted-globals': ['error', { name: 'test', message: 'Use it(), as all tests do.' }],
			// Fields of items may be anything; a test that writes one out sees what it is.
			'@typescript-eslint/no-base-to-string': 'off',
		},
	},
);
