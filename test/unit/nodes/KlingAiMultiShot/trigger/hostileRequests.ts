/** What strangers may send to a trigger without a secret, and the answer that is promised. */
export interface HostileRequest {
	name: string;
	/** POST unless given. */
	method?: string;
	headers?: Record<string, string>;
	body?: string | Buffer;
	status: number;
	/** Where n8n 1.x answers otherwise. */
	statusOfN8n1?: number;
	/** In the shape of a callback: a listening editor shows it as a test. */
	isCallback?: true;
	/** Answered by what only the whole of n8n has. */
	n8nAlone?: true;
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };
const json = (body: unknown): Pick<HostileRequest, 'headers' | 'body'> => ({
	headers: JSON_TYPE,
	body: typeof body === 'string' ? body : JSON.stringify(body),
});
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const MEGABYTE = 1024 * 1024;

/** @param unknown an id that no task has */
export function hostileRequests(unknown: string): HostileRequest[] {
	const stating = { task_id: unknown, task_status: 'succeed' };
	const refused = (name: string, body: unknown): HostileRequest => ({
		name,
		...json(body),
		status: 400,
	});
	const ignored = (name: string, body: unknown): HostileRequest => ({
		name,
		...json(body),
		status: 200,
		isCallback: true,
	});
	const multipart = { 'content-type': 'multipart/form-data; boundary=x' };
	const part = (name: string, value: string): string =>
		`--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

	return [
		{ name: 'GET', method: 'GET', status: 404 },
		{ name: 'HEAD', method: 'HEAD', status: 404 },
		{ name: 'PUT', method: 'PUT', ...json(stating), status: 404 },
		{ name: 'PATCH', method: 'PATCH', ...json(stating), status: 404 },
		{ name: 'DELETE', method: 'DELETE', status: 404 },
		{ name: 'a method that n8n does not know', method: 'PROPFIND', status: 500, n8nAlone: true },

		{ name: 'no body', status: 400 },
		{ name: 'no body of JSON', headers: JSON_TYPE, status: 400 },
		{ name: 'an empty body of JSON', ...json(''), status: 400 },
		{ name: 'broken JSON', ...json('{"task_id":'), status: 422 },
		{ name: 'JSON that ends twice', ...json('{}{}'), status: 422 },
		{ name: 'zero bytes', ...json('\0\0\0\0'), status: 422 },
		refused('null', 'null'),
		refused('a number', '5'),
		refused('a text', '"succeed"'),
		refused('true', 'true'),
		refused('an empty object', {}),
		refused('an empty array', []),
		refused('an array with a callback in it', [stating]),
		refused('a callback in an envelope', { code: 0, data: stating }),
		refused('a body about something else', { hello: 'world' }),

		refused('no status', { task_id: unknown }),
		refused('no id', { task_status: 'succeed' }),
		refused('a number for the id', { ...stating, task_id: 867283741759111200 }),
		refused('null for the id', { ...stating, task_id: null }),
		refused('an object for the id', { ...stating, task_id: { toString: 'x' } }),
		refused('an array for the id', { ...stating, task_id: [unknown] }),
		refused('an empty id', { ...stating, task_id: '' }),
		refused('an id of 1 MB', { ...stating, task_id: '8'.repeat(MEGABYTE) }),
		refused('an id that climbs', { ...stating, task_id: '../../account/costs' }),
		refused('an id that is encoded', { ...stating, task_id: '%2e%2e%2f' }),
		refused('an id with a query', { ...stating, task_id: '1?pageSize=500' }),
		refused('an id with a line break', { ...stating, task_id: '1\r\nX: y' }),
		refused('an id with spaces', { ...stating, task_id: ' 1 ' }),
		refused('an id beyond ASCII', { ...stating, task_id: '٨٦٧' }),
		refused('a number for the status', { ...stating, task_status: 5 }),
		refused('true for the status', { ...stating, task_status: true }),
		refused('an object for the status', { ...stating, task_status: { succeed: true } }),
		refused('an array for the status', { ...stating, task_status: ['succeed'] }),
		refused('an expression for the status', { ...stating, task_status: '={{ $env }}' }),
		refused('a status of 1 MB', { ...stating, task_status: 's'.repeat(MEGABYTE) }),
		refused('deep nesting', nested(100_000)),
		refused('100,000 keys', `{${Array.from({ length: 1e5 }, (_, key) => `"${key}":1`).join()}}`),

		ignored('an unknown task', stating),
		ignored('an unknown task in the newer shape', { id: unknown, status: 'succeeded' }),
		ignored('a status that nobody knows', { ...stating, task_status: 'banana' }),
		ignored('a status of another case', { ...stating, task_status: 'SUCCEED' }),
		ignored(
			'__proto__',
			`{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"task_id":"__proto__","task_status":"succeed"}`,
		),
		ignored('names of Object for id and status', {
			task_id: 'constructor',
			task_status: 'toString',
		}),
		ignored('odd types in all other fields', {
			...stating,
			task_info: 5,
			task_result: 'x',
			created_at: 'yesterday',
			updated_at: [],
			task_status_msg: {},
		}),
		ignored('a long external id', {
			...stating,
			task_info: { external_task_id: 'x'.repeat(MEGABYTE) },
		}),
		ignored(
			'deep nesting in a field',
			`{"id":"${unknown}","status":"succeed","x":${nested(50_000)}}`,
		),
		ignored('10 MB beside the callback', { ...stating, x: 'x'.repeat(10 * MEGABYTE) }),
		{ ...ignored('a byte order mark', `\uFEFF${JSON.stringify(stating)}`), statusOfN8n1: 422 },
		{
			...ignored('signature headers where there is no secret', stating),
			headers: {
				...JSON_TYPE,
				'webhook-id': 'x',
				'webhook-timestamp': 'x',
				'webhook-signature': 'v1,x',
			},
		},
		{
			...ignored('headers of a proxy and a cookie', stating),
			headers: { ...JSON_TYPE, 'x-forwarded-for': '127.0.0.1', cookie: 'n8n-auth=x', host: 'evil' },
		},
		{ ...refused('over 16 MB', { x: 'x'.repeat(17 * MEGABYTE) }), status: 500 },

		{
			name: 'plain text',
			headers: { 'content-type': 'text/plain' },
			body: JSON.stringify(stating),
			status: 400,
		},
		{
			name: 'a form',
			headers: { 'content-type': 'application/x-www-form-urlencoded' },
			body: `task_id=${unknown}&task_status=succeed`,
			status: 400,
		},
		{
			name: 'an image',
			headers: { 'content-type': 'image/png' },
			body: Buffer.from([137, 80, 78, 71]),
			status: 400,
		},
		{
			name: 'a content type that is none',
			headers: { 'content-type': ';;;' },
			body: JSON.stringify(stating),
			status: 400,
		},
		{
			name: 'XML',
			headers: { 'content-type': 'application/xml' },
			body: `<a><task_id>${unknown}</task_id><task_status>succeed</task_status></a>`,
			status: 400,
			n8nAlone: true,
		},
		{
			name: 'broken XML',
			headers: { 'content-type': 'application/xml' },
			body: '<a><b></a>',
			status: 422,
			n8nAlone: true,
		},
		{
			name: 'a multipart form',
			headers: multipart,
			body: `${part('task_id', unknown)}${part('task_status', 'succeed')}--x--\r\n`,
			status: 400,
			n8nAlone: true,
		},
		{
			name: 'gzip that is none',
			headers: { ...JSON_TYPE, 'content-encoding': 'gzip' },
			body: JSON.stringify(stating),
			status: 500,
			n8nAlone: true,
		},
	];
}
