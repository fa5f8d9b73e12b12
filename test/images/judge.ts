import { MAX_BYTES, imageRefusal } from '../../nodes/shared/input/imageRules';
import { decodedSize } from '../kling/decodedSize';
import type { Kind, Sample } from './sample';

export interface Tally {
	images: number;
	agreed: number;
	/** Good, and refused: what and why. */
	wronglyRefused: string[];
	/** Not good, and not refused. */
	wronglySent: string[];
	/** CPU time of one check. */
	slowestMs: number;
}

/** The first checks of a process run before its code is compiled. */
const TIMINGS = 5;

/** CPU time, since the machine may be busy with something else. */
function cpuMs(work: () => unknown): number {
	const begin = process.cpuUsage();
	work();
	const { user, system } = process.cpuUsage(begin);
	return (user + system) / 1000;
}

/** Whether Kling would take it, by a decoder that shares nothing with the nodes, and Kling's rules. */
async function isGood({ bytes, mustBeRefused }: Sample): Promise<boolean> {
	if (mustBeRefused || bytes.length > MAX_BYTES) return false;
	const size = await decodedSize(bytes);
	if (!size || !['jpeg', 'png'].includes(size.format)) return false;
	const [short, long] = [Math.min(size.width, size.height), Math.max(size.width, size.height)];
	return short >= 300 && long / short <= 2.5;
}

export async function judge(sample: Sample, tallies: Map<Kind, Tally>): Promise<void> {
	const tally = tallies.get(sample.kind) ?? {
		images: 0,
		agreed: 0,
		wronglyRefused: [],
		wronglySent: [],
		slowestMs: 0,
	};
	tallies.set(sample.kind, tally);
	const times = Array.from({ length: TIMINGS }, () => cpuMs(() => imageRefusal(sample.bytes)));
	const refusal = imageRefusal(sample.bytes);
	const good = await isGood(sample);
	tally.images++;
	tally.slowestMs = Math.max(tally.slowestMs, Math.min(...times));
	if (good === (refusal === undefined)) tally.agreed++;
	else if (good) tally.wronglyRefused.push(`${sample.name}: ${refusal?.found}`);
	else tally.wronglySent.push(sample.name);
}
