import { createHash } from 'node:crypto';

export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Trimmed; empty for everything but text. */
export function trimmedText(value: unknown): string {
	return typeof value === 'string' ? value.trim() : '';
}

/** Of text or a number; empty for everything else. */
export function scalarText(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** NaN for everything but a number and text: Number() turns a blank, null and an empty list into 0, and true into 1. */
export function numberOf(value: unknown): number {
	return typeof value === 'number' || trimmedText(value) !== '' ? Number(value) : NaN;
}

/** Infinity for none. Any number of them: Math.min(...numbers) throws from some 120,000 on. */
export function smallest(numbers: number[]): number {
	return numbers.reduce((least, one) => Math.min(least, one), Infinity);
}

/** -Infinity for none. */
export function largest(numbers: number[]): number {
	return numbers.reduce((most, one) => Math.max(most, one), -Infinity);
}

/** Of Unix ms; undefined if a Date cannot hold it. */
export function isoTime(at: number): string | undefined {
	return Number.isNaN(new Date(at).getTime()) ? undefined : new Date(at).toISOString();
}

export function isDefined<Value>(value: Value | undefined): value is Value {
	return value !== undefined;
}

/** Equal for equal texts, and short. */
export function digestOf(text: string): string {
	return createHash('sha256').update(text).digest('base64url');
}
