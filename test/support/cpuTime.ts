/** Milliseconds of processor time that some work takes: other processes on the machine count less than by the clock. */
export function cpuMsOf(work: () => unknown): number {
	const begin = process.cpuUsage();
	work();
	const { user, system } = process.cpuUsage(begin);
	return (user + system) / 1000;
}
