import { KlingError } from './errors';
import { isSignedWith, parseJwt } from './jwt';
import type { World } from './world';

/** Accepts an API key or a JWT without clock leeway. Throws 1000 to 1004. */
export function authenticate(world: World, authorization: string | undefined): void {
	if (!authorization) throw new KlingError(1001);
	const token = /^Bearer (\S+)$/.exec(authorization)?.[1];
	if (token === undefined) throw new KlingError(1002);
	if (world.switches.wrongRegion) throw new KlingError(1000);
	if (token.split('.').length === 3) verifyJwt(world, token);
	else if (token !== world.apiKey) throw new KlingError(1000);
}

function verifyJwt(world: World, token: string): void {
	const jwt = parseJwt(token);
	if (!jwt) throw new KlingError(1002);
	const { iss, nbf, exp } = jwt.claims;
	if (iss !== world.accessKey) throw new KlingError(1000);
	if (!isSignedWith(jwt, world.secretKey)) throw new KlingError(1002);
	if (!isSecond(nbf) || !isSecond(exp)) throw new KlingError(1002, 'exp and nbf must be integers');
	const now = Math.floor(world.now() / 1000);
	if (nbf > now) throw new KlingError(1003);
	if (exp <= now) throw new KlingError(1004);
}

function isSecond(value: unknown): value is number {
	return Number.isInteger(value);
}
