import { Webhook } from 'standardwebhooks';

import vector from '../../../../fixtures/signature-vector.json';
import { describeRefusal } from '../../../../../nodes/shared/run/describeRefusal';
import { readWebhookSecrets } from '../../../../../nodes/shared/transport/credential';
import {
	signatureRefusal,
	signingKeys,
	type RefusedSignature,
	type SigningKeys,
} from '../../../../../nodes/shared/transport/signature';
import { OTHER_SECRET, SECRET } from '../../KlingAiMultiShot/trigger/callbacks';

interface Signed {
	id: string;
	timestamp: string;
	signature: string;
	body: Buffer;
}

const AT = vector.timestamp * 1000;
const original: Signed = {
	id: vector.id,
	timestamp: String(vector.timestamp),
	signature: vector.signature,
	body: Buffer.from(vector.body),
};

function keysOf(webhookSecret: string): SigningKeys {
	const keys = signingKeys(readWebhookSecrets({ webhookSecret }));
	if (!keys) throw new Error('There is no secret');
	return keys;
}

function refused(
	signed: Partial<Signed>,
	secrets = vector.secret,
	now = AT,
): RefusedSignature | undefined {
	const { body, id, signature, timestamp } = { ...original, ...signed };
	const headers = {
		'webhook-id': id,
		'webhook-timestamp': timestamp,
		'webhook-signature': signature,
	};
	return signatureRefusal({ headers, rawBody: body }, keysOf(secrets), now);
}

function refusal(...given: Parameters<typeof refused>): RefusedSignature['reason'] | undefined {
	return refused(...given)?.reason;
}

function signedBy(secret: string, body: string | Buffer, at = AT, id = 'message-1'): Signed {
	const signature = new Webhook(secret).sign(id, new Date(at), body.toString());
	const timestamp = String(Math.floor(at / 1000));
	return { id, timestamp, signature, body: Buffer.from(body) };
}

it('verifies the vector of the documentation', () => {
	expect(refusal({})).toBeUndefined();
});

it.each([
	['JSON', '{"task_id":"867283741759111202","task_status":"succeed"}'],
	['signs beyond ASCII', '{"message":"图片 – ünïcode 🎨"}'],
	['an empty body', ''],
	['a megabyte', 'x'.repeat(1024 * 1024)],
])('verifies what the standardwebhooks package signs: %s', (_case, body) => {
	expect(refusal(signedBy(SECRET, body), SECRET)).toBeUndefined();
});

it('makes the same signature as the standardwebhooks package, for keys of many lengths', () => {
	for (let length = 1; length <= 80; length++) {
		const secret = `whsec_${Buffer.alloc(length, length).toString('base64')}`;
		expect([length, refusal(signedBy(secret, 'body'), secret)]).toEqual([length, undefined]);
	}
});

describe('no single bit may change', () => {
	it.each(['id', 'timestamp', 'signature', 'body'] as const)('of the %s', (part) => {
		const bytes = Buffer.from(original[part]);
		for (let bit = 0; bit < bytes.length * 8; bit++) {
			const changed = Buffer.from(bytes);
			changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
			// As Node reads headers: one sign for each byte.
			const value = part === 'body' ? changed : changed.toString('latin1');
			expect([bit, refusal({ [part]: value })]).toEqual([bit, expect.any(String)]);
		}
	});

	it('of a body that is not UTF-8, where a library that reads it as text sees no difference', () => {
		const body = Buffer.from([0x22, 0xff, 0x22]);
		const other = Buffer.from([0x22, 0xfe, 0x22]);
		const { id, signature, timestamp } = signedBy(SECRET, body);

		expect(new Webhook(SECRET).sign(id, new Date(AT), other)).toBe(signature);
		for (const one of [body, other])
			expect(refusal({ id, timestamp, signature, body: one }, SECRET)).toBe('noMatch');
	});
});

describe('while secrets change', () => {
	const old = signedBy(OTHER_SECRET, vector.body, AT, vector.id).signature;

	it('one of several secrets is enough', () => {
		expect(refusal({}, `${OTHER_SECRET} ${vector.secret}`)).toBeUndefined();
		expect(refusal({}, `\n ${vector.secret}\t${OTHER_SECRET} `)).toBeUndefined();
	});

	it('one of several signatures is enough', () => {
		expect(refusal({ signature: `${old} ${original.signature}` })).toBeUndefined();
		expect(refusal({ signature: `v1a,x v2,y ${original.signature} v1,` })).toBeUndefined();
	});

	it('all may be wrong', () => {
		expect(refusal({ signature: `${old} ${old}` })).toBe('noMatch');
		expect(refusal({}, `${OTHER_SECRET} ${OTHER_SECRET}`)).toBe('noMatch');
	});

	it('another version of the scheme is not taken for this one', () => {
		expect(refusal({ signature: original.signature.replace('v1,', 'v2,') })).toBe('noMatch');
		expect(refusal({ signature: original.signature.replace('v1,', '') })).toBe('noMatch');
	});
});

describe('time', () => {
	it.each([0, 1, 299, 300, -1, -299, -300])('accepts %i s of age', (age) => {
		expect(refusal({}, vector.secret, AT + age * 1000)).toBeUndefined();
	});

	it.each([
		[301, /is 301 s old, and at most 300 s are allowed/],
		[-301, /is 301 s ahead, and at most 300 s are allowed/],
		[86_400, /is 86400 s old/],
	])('refuses %i s of age, and says how old it is', (age, words) => {
		const reason = refused({}, vector.secret, AT + age * 1000);
		expect(reason).toEqual({ reason: 'outsideTolerance', ageS: age });
		expect(reason && describeRefusal(reason)).toMatch(words);
	});

	it.each(['', ' ', '1781080794x', '1781080794.0', '0x6A2919DA', '-1781080794', 'NaN', '1e9'])(
		'refuses %j for a timestamp',
		(timestamp) => {
			expect(refusal({ timestamp })).toBe(timestamp.trim() === '' ? 'missing' : 'badTimestamp');
		},
	);
});

it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('refuses without %s', (name) => {
	const headers: Record<string, string> = {
		'webhook-id': original.id,
		'webhook-timestamp': original.timestamp,
		'webhook-signature': original.signature,
	};
	delete headers[name];
	const rawBody = original.body;

	expect(signatureRefusal({ headers, rawBody }, keysOf(vector.secret), AT)?.reason).toBe('missing');
});

describe('the secret', () => {
	it('may stand without its prefix', () => {
		expect(refusal({}, vector.secret.replace('whsec_', ''))).toBeUndefined();
	});

	it.each(['', '   ', null, 5])('%j is none', (webhookSecret) => {
		expect(signingKeys(readWebhookSecrets({ webhookSecret } as never))).toBeUndefined();
	});

	it.each(['whsec_', 'whsec_*', 'A', '=', 'whsec_dGVzd%', 'whsec_ключ'])(
		'%j gives no key that anybody could sign with',
		(secret) => {
			expect(keysOf(secret)).toEqual({ keys: [], unusable: 1 });
			expect(refusal({}, secret)).toBe('unusableSecret');
		},
	);

	it('that is unusable leaves a usable one beside it', () => {
		expect(keysOf(`whsec_* ${vector.secret}`)).toMatchObject({ unusable: 1 });
		expect(refusal({}, `whsec_* ${vector.secret}`)).toBeUndefined();
	});

	it('is in no reason', () => {
		const reasons = [
			refused({ signature: 'v1,x' }),
			refused({ timestamp: 'x' }),
			refused({}, 'whsec_*'),
			refused({}, vector.secret, 0),
			refused({ id: '' }),
		];
		const words = reasons.map((reason) => reason && describeRefusal(reason));
		expect(new Set(words).size).toBe(5);
		for (const text of words) expect(text).not.toMatch(/whsec_|UsKlJP|dGVzdHNl/);
	});
});
