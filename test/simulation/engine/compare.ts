import { runWorld } from '../runWorld';
import { worldOf } from '../search';
import { bundlePackage, type LoadPackage } from '../shipped';
import type { Record } from '../record';
import type { Plan } from '../world/plan';
import { startRealEngine, type RealEngine } from './realEngine';

/**
 * Runs worlds on n8n-core's own engine and on the modelled n8n: what comes out must be the same.
 * @returns the seeds whose worlds differ, each with the first difference
 */
export async function compareEngines(
	load: LoadPackage,
	from: number,
	count: number,
): Promise<Map<number, string>> {
	const engine = await startRealEngine(await bundlePackage({ displayOptions: true }));
	const different = new Map<number, string>();
	try {
		for (let seed = from; seed < from + count; seed++) {
			const difference = await compareWorld(load, engine, comparable(worldOf(seed)));
			if (difference !== undefined) different.set(seed, difference);
		}
	} finally {
		engine.stop();
	}
	return different;
}

/** Without what an expression cannot say, and without what test/engine runs on n8n's engine: pauses, loops, tools, two processes. */
export function comparable(plan: Plan): Plan {
	const { node, items, executions } = plan;
	const { killAtMs, ...alive } = plan;
	void killAtMs;
	return {
		...alive,
		items: items.map(({ image, ownId }) => ({ image, ...(ownId && { ownId }) })),
		node: { ...node, wait: node.wait === 'callback' ? 'poll' : node.wait },
		executions: executions.map((one) => ({ ...one, kind: 'workflow', process: 0 })),
	};
}

async function compareWorld(
	load: LoadPackage,
	engine: RealEngine,
	plan: Plan,
): Promise<string | undefined> {
	const modelled = told(await runWorld(load, plan));
	const real = told(await runWorld(load, plan, engine.runExecution));
	const at = modelled.findIndex((line, index) => line !== real[index]);
	if (at < 0 && modelled.length === real.length) return undefined;
	const index = at < 0 ? modelled.length : at;
	return firstDifference(modelled[index] ?? 'nothing', real[index] ?? 'nothing');
}

const CONTEXT = 120;

function firstDifference(modelled: string, real: string): string {
	let at = 0;
	while (at < modelled.length && modelled[at] === real[at]) at++;
	const around = (text: string) => text.slice(Math.max(0, at - CONTEXT), at + CONTEXT);
	return `modelled: …${around(modelled)}…\n\tn8n:      …${around(real)}…`;
}

/** Items, errors and creates, without what is another one in each run. */
function told(record: Record): string[] {
	const lines = [
		...record.calls
			.filter(({ operation, left }) => operation === 'create' && left)
			.map(({ at, body, execution }) => `create of ${execution} at ${at}: ${JSON.stringify(body)}`),
		...record.executions.map(({ id, status, outputs, error }) =>
			status === 'canceled'
				? `${id}: ${status}`
				: `${id}: ${status}, ${JSON.stringify(outputs.map(({ main, errors }) => [main, errors]))}, ${JSON.stringify(error ?? 'no error')}`,
		),
	];
	const ids = new Map(record.tasks.map(({ task_id }, index) => [task_id, `task ${index}`]));
	const numbered = (text: string, pattern: RegExp, name: string) =>
		text.replace(pattern, (found) => {
			const known = ids.get(found) ?? `${name} ${ids.size}`;
			ids.set(found, known);
			return known;
		});
	return lines.map((line) => {
		// First, as digits of a signature may look like an id.
		const plain = line
			.replace(/signature=[0-9a-f]+/g, 'signature=')
			.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'a request');
		const withTasks = numbered(plain, /(?<!\d)[78]\d{17}(?!\d)/g, 'element');
		return numbered(withTasks, /n8n-[\w-]{43}/g, 'made id');
	});
}
