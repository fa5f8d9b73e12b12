/** Where npm finds its registry, its cache and the way through a proxy: kept, so that npm works as the user set it up. */
const NPM_SETTINGS_KEPT =
	/^npm_config_(registry|userconfig|globalconfig|cache|proxy|https_proxy|http_proxy|noproxy|ca|cafile|strict_ssl|\/\/.*)$/i;

/** `npm start` and jest add these; n8n or a second npm would take them for their own settings. */
const LEAKING = /^(KLING_|N8N_|npm_|DB_|QUEUE_|EXECUTIONS_|JEST_|TSX_)/i;
const LEAKING_NAMES = new Set(['NODE_OPTIONS', 'NODE_ENV', 'INIT_CWD', 'WEBHOOK_URL', 'NODE_PATH']);

/** The process's environment for a child: no Kling keys, no settings of another n8n, none that `npm start` injects. */
export function cleanEnvironment(
	additions: Record<string, string> = {},
	source: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
	const environment: NodeJS.ProcessEnv = {};
	for (const [name, value] of Object.entries(source)) {
		if (LEAKING_NAMES.has(name)) continue;
		if (LEAKING.test(name) && !NPM_SETTINGS_KEPT.test(name)) continue;
		environment[name] = value;
	}
	return { ...environment, ...additions };
}

/** A PATH that begins with `folder` and has no project's `node_modules/.bin` in it. */
export function pathStartingWith(folder: string, source: NodeJS.ProcessEnv = process.env): string {
	const others = (source['PATH'] ?? '')
		.split(':')
		.filter((entry) => entry !== '' && !entry.endsWith('node_modules/.bin'));
	return [folder, ...others].join(':');
}
