/** Who can reach an address: `loopback` this machine, `private` its own network, `public` also Kling. */
export type Reach = 'loopback' | 'private' | 'public';

const PRIVATE_NAME = /(^|\.)(local|localdomain|internal|lan|home|intranet|corp)$/;

/**
 * By the address alone; names are not looked up.
 * @param hostname of a WHATWG URL, which has already brought IPv4 addresses in odd spellings into the usual one
 */
export function reachOf(hostname: string): Reach {
	const host = hostname.toLowerCase().replace(/\.$/, '');
	if (host.startsWith('[')) return reachOfIpv6(host.slice(1, -1));
	if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return reachOfIpv4(host);
	if (host === 'localhost' || host.endsWith('.localhost')) return 'loopback';
	return !host.includes('.') || PRIVATE_NAME.test(host) ? 'private' : 'public';
}

/** @see RFC 6890: what is not for the internet */
function reachOfIpv4(address: string): Reach {
	const [a = 0, b = 0] = address.split('.').map(Number);
	if (a === 127) return 'loopback';
	const isPrivate =
		a === 0 ||
		a === 10 ||
		(a === 100 && b >= 64 && b <= 127) ||
		(a === 169 && b === 254) ||
		(a === 172 && b >= 16 && b <= 31) ||
		(a === 192 && b === 168) ||
		(a === 198 && (b === 18 || b === 19)) ||
		a >= 224;
	return isPrivate ? 'private' : 'public';
}

function reachOfIpv6(address: string): Reach {
	if (address === '::1') return 'loopback';
	const mapped = /^(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address);
	if (mapped) return reachOfIpv4(dotted(mapped[1] ?? '', mapped[2] ?? ''));
	// ::, fc00::/7 (unique local), fe80::/10 (link-local), ff00::/8 (multicast)
	return address === '::' || /^(f[cd]|fe[89ab]|ff)/.test(address) || /^::/.test(address)
		? 'private'
		: 'public';
}

function dotted(high: string, low: string): string {
	const [first, second] = [parseInt(high, 16), parseInt(low, 16)];
	return [first >> 8, first & 255, second >> 8, second & 255].join('.');
}

/**
 * Loopback is for trying things out: allowed only where Kling itself is on loopback, that is, not the real one.
 * @returns why the address is refused, or undefined
 */
export function refusedReach(url: URL, klingIsLocal: boolean): string | undefined {
	const reach = reachOf(url.hostname);
	if (reach === 'public' || (reach === 'loopback' && klingIsLocal)) return undefined;
	return reach === 'loopback'
		? `${url.hostname} is n8n's own machine, where Kling cannot reach it`
		: `${url.hostname} is an address of a private network, where Kling cannot reach it`;
}
