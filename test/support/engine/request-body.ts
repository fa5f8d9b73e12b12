import { parse as parseForm } from 'node:querystring';

import { jsonParse } from 'n8n-workflow';

import type { WebhookRequest } from './server';

const PARSED_TYPES = ['application/json', 'text/plain', 'application/x-www-form-urlencoded'];

/**
 * What n8n puts into `body` and `rawBody`: nothing for content types that it does not know
 * (unless the node's version is 1), text as a string, and a thrown error for broken JSON.
 * Multipart and XML, which n8n reads too, are left out.
 */
export function readBody(request: WebhookRequest, body: Buffer, nodeVersion: number): void {
	const contentType = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
	Object.assign(request, { contentType, encoding: 'utf-8' });
	const isParsed = PARSED_TYPES.some((type) => contentType?.startsWith(type));
	if (nodeVersion > 1 && !isParsed) return;
	Object.assign(request, { rawBody: body });
	if (body.length === 0) return;
	const text = body.toString('utf-8');
	if (contentType === 'application/json')
		request.body = jsonParse<unknown>(text.replace(/^\uFEFF/, ''));
	else if (contentType === 'application/x-www-form-urlencoded') request.body = parseForm(text);
	else if (contentType === 'text/plain') request.body = text;
}
