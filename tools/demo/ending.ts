const INTERRUPTED = 130;
/** npm passes the terminal's Ctrl-C on once more. */
const SAME_KEY_PRESS_MS = 1_000;

/** How a run ends in good order: what was started last is ended first, also after an error or Ctrl-C. */
export interface Ending {
	add: (step: () => Promise<void>) => void;
	/** Ends the run as a failure. */
	fail: (reason: string) => void;
	/** Stays until Ctrl-C, which from now on is the proper end. */
	wait: () => Promise<never>;
	signal: AbortSignal;
}

class Interrupted extends Error {}

async function runSteps(steps: Array<() => Promise<void>>): Promise<void> {
	for (const step of steps.reverse()) {
		try {
			await step();
		} catch (error) {
			console.error(`While ending: ${String(error)}`);
		}
	}
}

/** Runs `main` and ends the process: 0 when all went well, 130 when interrupted before that, else 1 with the reason. */
export async function runToEnding(main: (ending: Ending) => Promise<void>): Promise<never> {
	const controller = new AbortController();
	const { signal } = controller;
	const steps: Array<() => Promise<void>> = [];
	const aborted = new Promise<never>((_resolve, reject) => {
		signal.addEventListener('abort', () => reject(signal.reason as Error));
	});
	let codeOfInterruption = INTERRUPTED;
	let interruptedAt = Infinity;
	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(name, () => {
			// A second one does not wait for the good order; n8n's guard ends n8n all the same.
			if (Date.now() - interruptedAt > SAME_KEY_PRESS_MS) process.exit(INTERRUPTED);
			interruptedAt = Math.min(interruptedAt, Date.now());
			controller.abort(new Interrupted('Ending ...'));
		});
	}
	const ending: Ending = {
		add: (step) => steps.push(step),
		fail: (reason) => controller.abort(new Error(reason)),
		wait: async () => {
			codeOfInterruption = 0;
			return await aborted;
		},
		signal,
	};
	let exitCode = 0;
	try {
		await Promise.race([main(ending), aborted]);
	} catch (error) {
		exitCode = error instanceof Interrupted ? codeOfInterruption : 1;
		console.error(`\n${error instanceof Error ? error.message : String(error)}`);
	}
	await runSteps(steps);
	process.exit(exitCode);
}
