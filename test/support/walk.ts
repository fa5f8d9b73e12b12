import type { INodeType } from 'n8n-workflow';
import { PACKAGE_FOLDER } from '../unit/docs/markdown';

/** It only lets work pass, some at a time. */
const PASSED_THROUGH = 'nodes/shared/lib/limiter.ts';

/** A node type whose ways through our files are noted. */
export interface Walk {
	type: INodeType;
	/** The shipped files that the work was in, relative to the package, in the order in which it came to them. */
	files: () => string[];
}

/**
 * Notes which of our files are on the call stack, those that await included, at each call that the node makes to n8n.
 * @param isOnTheWay whether a call belongs to the walk: the method's name, and its first parameter
 */
export function watchWalk(
	type: INodeType,
	isOnTheWay: (method: string, first: unknown) => boolean,
): Walk {
	const files = new Set<string>();
	const note = () => {
		for (const file of filesOnStack()) files.add(file);
	};
	const notingBuffer = async (result: unknown): Promise<unknown> => {
		const value = await result;
		return Buffer.isBuffer(value) ? withNoteOnRead(value, note) : value;
	};
	function watch<Target extends object>(target: Target): Target {
		return new Proxy(target, {
			get(_target, name) {
				const value: unknown = Reflect.get(target, name, target);
				if (name === 'helpers') return watch(value as object);
				if (typeof value !== 'function') return value;
				const method = value as (...parameters: unknown[]) => unknown;
				return function (this: unknown, ...parameters: unknown[]): unknown {
					if (isOnTheWay(String(name), parameters[0])) note();
					const result = method.apply(target, parameters);
					return name === 'getBinaryDataBuffer' ? notingBuffer(result) : result;
				};
			},
		});
	}
	const copy = Object.create(type) as INodeType;
	if (type.execute)
		copy.execute = async function () {
			return (await type.execute?.call(watch(this))) ?? [];
		};
	if (type.webhook)
		copy.webhook = async function () {
			return (await type.webhook?.call(watch(this))) ?? {};
		};
	return { type: copy, files: () => [...files].filter((file) => file !== PASSED_THROUGH) };
}

/** From the caller that came first. */
function filesOnStack(): string[] {
	const { stackTraceLimit } = Error;
	Error.stackTraceLimit = Infinity;
	const { stack = '' } = new Error('walk');
	Error.stackTraceLimit = stackTraceLimit;
	const lines = stack.split('\n').reverse();
	return lines.flatMap((line) => {
		const at = line.indexOf(`${PACKAGE_FOLDER}/nodes/`);
		return at < 0 ? [] : [line.slice(at + PACKAGE_FOLDER.length + 1).replace(/:\d+:\d+\)?$/, '')];
	});
}

/** The bytes of an image: notes who reads numbers in them. */
function withNoteOnRead(bytes: Buffer, note: () => void): Buffer {
	for (const name of ['readUInt16BE', 'readUInt32BE'] as const) {
		const read = bytes[name].bind(bytes);
		bytes[name] = (offset) => {
			note();
			return read(offset);
		};
	}
	return bytes;
}
