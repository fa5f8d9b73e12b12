import type { Switches } from './switches';

/** What all parts of one local Kling share. */
export interface World {
	/** Without a slash at the end. */
	baseUrl: string;
	readonly accessKey: string;
	readonly secretKey: string;
	readonly apiKey: string;
	/** `whsec_…`; several, separated by spaces, all sign. */
	webhookSecret: string | undefined;
	readonly switches: Switches;
	/** Tasks between `submitted` and their end that the account may have. */
	slots: number;
	/** Added to this machine's clock, to get Kling's. */
	clockOffsetMs: number;
	/** Kling's clock, Unix ms. */
	now(): number;
	/** Seeded. */
	random(): number;
	/** Aborted by close(). */
	readonly closing: AbortSignal;
}
