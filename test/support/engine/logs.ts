import { inspect } from 'node:util';

import type { Logger, LogMetadata } from 'n8n-workflow';

export interface LogEntry {
	level: 'debug' | 'info' | 'warn' | 'error';
	message: string;
	metadata?: unknown;
}

/** Keeps everything that n8n or a node writes to n8n's logger, at every level. */
export class RecordingLogger implements Logger {
	readonly entries: LogEntry[] = [];

	debug(message: string, metadata?: LogMetadata): void {
		this.entries.push({ level: 'debug', message, metadata });
	}

	info(message: string, metadata?: LogMetadata): void {
		this.entries.push({ level: 'info', message, metadata });
	}

	warn(message: string, metadata?: LogMetadata): void {
		this.entries.push({ level: 'warn', message, metadata });
	}

	error(message: string, metadata?: LogMetadata): void {
		this.entries.push({ level: 'error', message, metadata });
	}

	scoped(): this {
		return this;
	}

	/** Messages and metadata at full depth, errors with their causes: what a secret would be looked for in. */
	text(): string {
		return this.entries
			.map(({ level, message, metadata }) =>
				[level, message, inspect(metadata, { depth: Infinity, showHidden: true })].join(' '),
			)
			.join('\n');
	}

	clear(): void {
		this.entries.length = 0;
	}
}
