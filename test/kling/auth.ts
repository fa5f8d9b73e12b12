import { decodeJwt, errors, jwtVerify } from 'jose';
import { KlingError } from './errors';
import type { World } from './world';

/** Accepts an API key or a JWT without clock leeway. Throws 1000 to 1004. */
export async function authenticate(world: World, authorization: string | undefined): Promise<void> {
	if (!authorization) throw new KlingError(1001);
	const token = /^Bearer (\S+)$/.exec(authorization)?.[1];
	if (token === undefined) throw new KlingError(1002);
	if (world.switches.wrongRegion) throw new KlingError(1000);
	if (token.split('.').length !== 3) {
		if (token !== world.apiKey) throw new KlingError(1000);
		return;
	}
	await verifyJwt(world, token);
}

async function verifyJwt(world: World, token: string): Promise<void> {
	if (issuerOf(token) !== world.accessKey) throw new KlingError(1000);
	try {
		const { payload } = await jwtVerify(token, Buffer.from(world.secretKey, 'utf8'), {
			algorithms: ['HS256'],
			typ: 'JWT',
			clockTolerance: 0,
			currentDate: new Date(world.now()),
		});
		if (!Number.isInteger(payload.exp) || !Number.isInteger(payload.nbf)) {
			throw new KlingError(1002, 'exp and nbf must be integers');
		}
	} catch (error) {
		throw asKlingError(error);
	}
}

/** Not verified yet. Throws 1002 when the token is no JWT. */
function issuerOf(token: string): string | undefined {
	try {
		return decodeJwt(token).iss;
	} catch {
		throw new KlingError(1002);
	}
}

function asKlingError(error: unknown): KlingError {
	if (error instanceof KlingError) return error;
	if (error instanceof errors.JWTExpired) return new KlingError(1004);
	const early = error instanceof errors.JWTClaimValidationFailed && error.claim === 'nbf';
	return new KlingError(early && error.reason === 'check_failed' ? 1003 : 1002);
}
