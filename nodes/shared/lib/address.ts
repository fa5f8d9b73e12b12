/** Who can reach an address: `loopback` this machine, `private` its own network, `public` also Kling. */
export type Reach = 'loopback' | 'private' | 'public';

const PRIVATE_NAME = /(^|\.)(local|localdomain|internal|lan|home|intranet|corp|home\.arpa|svc)$/;

/** What is not for the internet. Source: IANA's special-purpose registry; the last one is Azure's metadata host. */
const PRIVATE_IPV4: ReadonlyArray<readonly [network: string, bits: number]> = [
	['0.0.0.0', 8],
	['10.0.0.0', 8],
	['100.64.0.0', 10],
	['169.254.0.0', 16],
	['172.16.0.0', 12],
	['192.0.0.0', 24],
	['192.0.2.0', 24],
	['192.88.99.0', 24],
	['192.168.0.0', 16],
	['198.18.0.0', 15],
	['198.51.100.0', 24],
	['203.0.113.0', 24],
	['224.0.0.0', 3],
	['168.63.129.16', 32],
];

/**
 * By the address alone; names are not looked up.
 * @param hostname of a WHATWG URL, which has already brought addresses in odd spellings into the usual one
 */
export function reachOf(hostname: string): Reach {
	const host = hostname.toLowerCase().replace(/\.$/, '');
	if (host.startsWith('[')) return reachOfIpv6(host.slice(1, -1));
	if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return reachOfIpv4(numberOf(host));
	if (host === 'localhost' || host.endsWith('.localhost')) return 'loopback';
	return !host.includes('.') || PRIVATE_NAME.test(host) ? 'private' : 'public';
}

/**
 * Loopback addresses are for local testing: allowed only if Kling itself is on loopback, so never with the real Kling.
 * @returns undefined if Kling can reach the address
 */
export function whyUnreachable(
	{ hostname }: Pick<URL, 'hostname'>,
	isLocal: boolean,
): Exclude<Reach, 'public'> | undefined {
	const reach = reachOf(hostname);
	return reach === 'public' || (reach === 'loopback' && isLocal) ? undefined : reach;
}

function numberOf(dotted: string): number {
	return dotted.split('.').reduce((number, byte) => number * 256 + Number(byte), 0);
}

function reachOfIpv4(address: number): Reach {
	if (address >>> 24 === 127) return 'loopback';
	const isPrivate = PRIVATE_IPV4.some(
		([network, bits]) => address >>> (32 - bits) === numberOf(network) >>> (32 - bits),
	);
	return isPrivate ? 'private' : 'public';
}

/** Public is what lies in 2000::/3, and an IPv4 address that is public after a prefix for IPv4. */
function reachOfIpv6(address: string): Reach {
	const groups = groupsOf(address);
	const [first = 0, second = 0] = groups;
	const starts = (...prefix: number[]) => prefix.every((group, index) => groups[index] === group);
	const ipv4 = (groups[6] ?? 0) * 65_536 + (groups[7] ?? 0);
	if (starts(0, 0, 0, 0, 0, 0, 0, 1)) return 'loopback';
	// Mapped (RFC 4291), translated (RFC 2765), NAT64 (RFC 6052).
	if (starts(0, 0, 0, 0, 0, 0xffff) || starts(0, 0, 0, 0, 0xffff, 0)) return reachOfIpv4(ipv4);
	if (starts(0x64, 0xff9b, 0, 0, 0, 0)) return reachOfIpv4(ipv4);
	// Protocol assignments and Teredo 2001::/23, documentation 2001:db8::/32 and 3fff::/20, 6to4 2002::/16.
	const isSpecial =
		(first === 0x2001 && (second < 0x200 || second === 0xdb8)) ||
		first === 0x2002 ||
		(first === 0x3fff && second < 0x1000);
	return first >> 13 === 1 && !isSpecial ? 'public' : 'private';
}

/** Eight groups; `::` stands for those that are missing. */
function groupsOf(address: string): number[] {
	const [before = [], after = []] = address
		.split('::')
		.map((part) => (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16))));
	return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}
