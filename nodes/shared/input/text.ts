import type { IExecuteFunctions } from 'n8n-workflow';
import { parameterError, quoted } from './parameterError';

/** Trimmed; empty if not given. */
export function readText(context: IExecuteFunctions, label: string, value: unknown): string {
	if (value === undefined || value === null) return '';
	if (typeof value !== 'string' && typeof value !== 'number')
		throw parameterError(context, label, `must be text, got ${quoted(value)}`, 'Enter text.');
	return String(value).trim();
}
