import { createHmac, randomInt } from 'node:crypto';
import { seededRandom } from '../../kling';

/** Math.random() of a seed, until `end` is called. */
export function steadyRandom(seed: number): { end: () => void } {
	const real = Math.random;
	Math.random = seededRandom(seed);
	return { end: () => void (Math.random = real) };
}

interface HmacKey {
	readonly [Symbol.toStringTag]: 'CryptoKey';
	readonly type: 'secret';
	readonly extractable: false;
	readonly usages: string[];
	readonly algorithm: { name: 'HMAC'; hash: { name: string }; length: number };
	readonly bytes: Buffer;
}

/**
 * WebCrypto works on other threads, whose order no seed decides. Both jose in the node and jose in the local Kling get HMAC
 * that answers at once.
 */
export function installSteadyCrypto(): void {
	const subtle = {
		async importKey(
			_format: string,
			key: Uint8Array,
			algorithm: { hash: string },
			_: boolean,
			usages: string[],
		) {
			const bytes = Buffer.from(key);
			const name = algorithm.hash;
			return {
				[Symbol.toStringTag]: 'CryptoKey',
				type: 'secret',
				extractable: false,
				usages,
				algorithm: { name: 'HMAC', hash: { name }, length: bytes.length * 8 },
				bytes,
			} satisfies HmacKey;
		},
		async sign(_algorithm: unknown, { bytes }: HmacKey, data: Uint8Array) {
			return createHmac('sha256', bytes).update(data).digest();
		},
		async verify(_algorithm: unknown, { bytes }: HmacKey, signature: Uint8Array, data: Uint8Array) {
			return createHmac('sha256', bytes).update(data).digest().equals(Buffer.from(signature));
		},
	};
	const steady = { subtle, getRandomValues: crypto.getRandomValues.bind(crypto), randomUUID };
	Object.defineProperty(globalThis, 'crypto', { value: steady, configurable: true });
}

function randomUUID(): string {
	return `00000000-0000-4000-8000-${String(randomInt(10 ** 12)).padStart(12, '0')}`;
}
