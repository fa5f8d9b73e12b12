import { KlingError } from './errors';
import type { Fault, FaultKind } from './fault';
import { errorReply, jsonReply, textReply, type Reply } from './reply';

const SPOILING: ReadonlySet<FaultKind> = new Set(['noData', 'wrongTypes', 'truncated', 'cut']);

/** What goes out when `fault` strikes. `effect` is what Kling would have done. */
export async function struck(
	fault: Fault | undefined,
	effect: () => Promise<Reply>,
): Promise<Reply> {
	if (!fault) return await effect();
	if (SPOILING.has(fault.kind)) return spoiled(fault, await effect());
	if (fault.when === 'after') await effect();
	const reply = instead(fault);
	if (fault.retryAfter !== undefined) reply.headers['retry-after'] = fault.retryAfter;
	Object.assign(reply.headers, fault.headers);
	return reply;
}

function instead(fault: Fault): Reply {
	const status = fault.status ?? 200;
	switch (fault.kind) {
		case 'error':
			return errorReply(new KlingError(fault.code ?? 5000, fault.message, fault.status));
		case 'html':
			return htmlPage(fault.status ?? 502);
		case 'redirect':
			return {
				...textReply(fault.status ?? 302, ''),
				headers: { location: fault.location ?? '/' },
			};
		case 'body':
			return typeof fault.body === 'string'
				? textReply(status, fault.body, 'application/json; charset=utf-8')
				: jsonReply(status, fault.body ?? {});
		case 'huge':
			return {
				...jsonReply(status, ['x'.repeat(65_536)]),
				manner: 'repeat',
				bytes: fault.bytes ?? Infinity,
			};
		case 'drop':
			return { ...textReply(0, ''), manner: 'drop' };
		default:
			return jsonReply(status, {});
	}
}

function htmlPage(status: number): Reply {
	const page = `<html>\r\n<head><title>${status}</title></head>\r\n<body>\r\n<center><h1>${status}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
	return textReply(status, page, 'text/html');
}

function spoiled(fault: Fault, reply: Reply): Reply {
	if (fault.kind === 'cut') return { ...reply, manner: 'cut' };
	if (fault.kind === 'truncated') {
		return { ...reply, body: reply.body.subarray(0, Math.floor(reply.body.length / 2)) };
	}
	const { data, ...envelope } = JSON.parse(reply.body.toString()) as { data?: unknown };
	if (fault.kind === 'noData') return jsonReply(reply.status, envelope, reply.code);
	return jsonReply(
		reply.status,
		{ ...envelope, data: Array.isArray(data) ? { list: 'none' } : [42] },
		reply.code,
	);
}
