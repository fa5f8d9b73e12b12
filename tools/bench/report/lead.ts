import type { Quoted, Result } from '../scenario';

/** The page's first sentences. One whose scenarios were not measured is left out. */
export function leadOf(measured: Array<{ result: Result }>): string[] {
	const { keepPolling, wake, waiting, cpu, nodeRuns } = measured.reduce<Quoted>(
		(all, { result }) => ({ ...all, ...result.quoted }),
		{},
	);
	const sentences = [
		keepPolling &&
			`The default, Keep Polling, hands the nine files of a finished task to the next node after ${keepPolling.median} (median; 95 % within ${keepPolling.p95}); a workflow of built-in nodes that polls every 5 s gets their URLs after ${keepPolling.polling} and has the files after ${keepPolling.pollingFiles}.`,
		wake &&
			waiting &&
			`A paused execution wakes ${wake.urls} after its task ends (${wake.files} with the nine files; medians) and holds ${slotsOf(waiting.paused.slots)} and ${memoryOf(waiting.paused.memory)}; with Keep Polling it holds ${slotsOf(waiting.keepPolling.slots)} and ${memoryOf(waiting.keepPolling.memory)}.`,
		cpu &&
			nodeRuns &&
			`A task with its nine files costs n8n ${cpu.keepPolling} of CPU and ${runsOf(nodeRuns.keepPolling)} with Keep Polling, ${cpu.polling} and ${runsOf(nodeRuns.polling)} with built-in polling; a pause costs ${cpu.paused}, n8n's own pause ${cpu.resumeUrl}.`,
	];
	return sentences.filter((sentence) => sentence !== undefined);
}

function runsOf(runs: string): string {
	return runs === '1' ? 'one node run' : `${runs} node runs`;
}

function slotsOf(slots: string): string {
	if (slots === '0') return 'no slot';
	return slots === '1' ? 'one slot' : `${slots} slots`;
}

function memoryOf(memory: string): string {
	return memory === 'no growth' ? 'no memory' : `${memory} of memory`;
}
