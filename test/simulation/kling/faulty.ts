import { struck } from '../../kling/struck';
import type { Fault } from '../../kling';
import type { Reply } from '../../kling/reply';
import type { FaultKind, FaultPlan } from '../world/plan';

/** What the network did instead of an answer. */
export interface NetworkError {
	code: string;
	syscall: string;
	message: string;
}

/** Before the first byte: Kling never hears of the request. */
const NOT_SENT: Partial<{ [Kind in FaultKind]: NetworkError }> = {
	refused: {
		code: 'ECONNREFUSED',
		syscall: 'connect',
		message: 'connect ECONNREFUSED 8.209.1.1:443',
	},
	unreachable: {
		code: 'EHOSTUNREACH',
		syscall: 'connect',
		message: 'connect EHOSTUNREACH 8.209.1.1:443',
	},
	certificate: {
		code: 'SELF_SIGNED_CERT_IN_CHAIN',
		syscall: '',
		message: 'self-signed certificate in certificate chain',
	},
};

/** After the request left. */
const LOST: Partial<{ [Kind in FaultKind]: NetworkError }> = {
	drop: { code: 'ECONNRESET', syscall: 'read', message: 'socket hang up' },
	readUnreachable: { code: 'EHOSTUNREACH', syscall: 'read', message: 'read EHOSTUNREACH' },
};

export type Delivered =
	{ reply: Reply; delayMs: number; cut?: true } | { error: NetworkError; delayMs: number };

/** One request under one fault. `effect` is what Kling would have done. */
export async function deliver(
	fault: FaultPlan | undefined,
	effect: () => Promise<Reply>,
): Promise<Delivered> {
	if (!fault) return { reply: await effect(), delayMs: 0 };
	const notSent = NOT_SENT[fault.kind];
	if (notSent) return { error: notSent, delayMs: 0 };
	if (fault.kind === 'proxyPage') return { reply: await page(407), delayMs: 0 };
	const lost = LOST[fault.kind];
	if (lost) {
		if (fault.when === 'after') await effect();
		return { error: lost, delayMs: 0 };
	}
	if (fault.kind === 'slow') return { reply: await effect(), delayMs: (fault.delayS ?? 1) * 1000 };
	if (fault.kind === 'cut') return { reply: await effect(), delayMs: 0, cut: true };
	return { reply: await struck(asFault(fault), effect), delayMs: 0 };
}

async function page(status: number): Promise<Reply> {
	return await struck({ on: 'any', kind: 'html', status }, async () => await page(status));
}

function asFault({ kind, when, code, asSuccess }: FaultPlan): Fault {
	const fault = { on: 'any', when } as const;
	switch (kind) {
		case 'page':
			return { ...fault, kind: 'html', status: 502 };
		case 'forbiddenPage':
			return { ...fault, kind: 'html', status: 403 };
		case 'missingPage':
			return { ...fault, kind: 'html', status: 404 };
		case 'redirect':
			return { ...fault, kind: 'redirect', location: 'https://status.klingai.com/' };
		case 'code':
			return { ...fault, kind: 'error', code: code ?? 5000, ...(asSuccess && { status: 200 }) };
		case 'truncated':
		case 'empty':
		case 'noData':
		case 'wrongTypes':
			return { ...fault, kind };
		default:
			throw new Error(`${kind} is no answer`);
	}
}
