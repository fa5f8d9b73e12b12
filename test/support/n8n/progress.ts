/** Says in plain words what is going on. */
export type Report = (line: string) => void;

const BETWEEN_LINES_MS = 15_000;

export const seconds = (milliseconds: number): string => {
	const whole = Math.round(milliseconds / 1000);
	return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
};

/** Reports the begin, every 15 s the time so far, and the end of `work`. */
export async function withProgress<Result>(
	what: string,
	report: Report,
	work: () => Promise<Result>,
): Promise<Result> {
	const begin = Date.now();
	report(`${what} ...`);
	const ticker = setInterval(() => {
		report(`${what}: ${seconds(Date.now() - begin)} so far`);
	}, BETWEEN_LINES_MS);
	try {
		const result = await work();
		report(`${what}: done in ${seconds(Date.now() - begin)}`);
		return result;
	} finally {
		clearInterval(ticker);
	}
}
