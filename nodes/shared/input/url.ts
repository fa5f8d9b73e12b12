import type { IExecuteFunctions } from 'n8n-workflow';
import { refusedReach } from '../lib/address';
import { parameterError, quoted } from './parameterError';

export interface UrlParameter {
	/** As the user sees the parameter. */
	label: string;
	value: unknown;
	/** Of a WHATWG URL, best first. */
	protocols: string[];
	/** Whether loopback addresses are allowed; plain http then is, too. */
	klingIsLocal: boolean;
}

/**
 * An address that Kling can reach.
 * @throws NodeOperationError
 */
export function readUrl(context: IExecuteFunctions, parameter: UrlParameter): string {
	const { label, value, klingIsLocal } = parameter;
	const protocols = klingIsLocal ? ['https:', 'http:'] : parameter.protocols;
	const text = typeof value === 'string' ? value.trim() : '';
	const expected = `An address that begins with ${protocols.map((one) => `${one}//`).join(' or ')} is expected.`;
	if (text === '') throw parameterError(context, label, 'is empty', expected);
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (!url || !protocols.includes(url.protocol))
		throw parameterError(
			context,
			label,
			`${url ? 'does not begin with' : 'is not an address with'} ${protocols.join(' or ')}: ${quoted(text)}`,
			text.startsWith('data:') ? 'The picture itself goes into Image Source: Base64.' : expected,
		);
	const unreachable = refusedReach(url, klingIsLocal);
	if (unreachable)
		throw parameterError(
			context,
			label,
			`cannot be used: ${unreachable}`,
			'Kling works in the internet and needs a public address. A self-hosted n8n gets one by WEBHOOK_URL and a tunnel or reverse proxy; pictures can also be sent as Binary File or Base64.',
		);
	return text;
}
