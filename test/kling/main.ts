import { parseArgs } from 'node:util';
import { PRODUCT_IMAGE, startKling } from '.';
import { whenParentIsGone } from './parent';

const USAGE = `npm run kling -- [--port N] [--slots N] [--duration 3-8] [--webhook-secret whsec_…]

  --port            where it listens on 127.0.0.1; a free port unless told
  --slots           running tasks that the account may have; 5 unless told
  --duration        seconds that a task takes, shortest-longest; 3-8 unless told
  --webhook-secret  callbacks are signed with it`;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '0' },
			slots: { type: 'string', default: '5' },
			duration: { type: 'string', default: '3-8' },
			'webhook-secret': { type: 'string' },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) {
		console.log(USAGE);
		return;
	}
	const kling = await startKling({
		mode: 'auto',
		port: number('port', values.port, 0, 65_535),
		slots: number('slots', values.slots, 1, 1000),
		durationMs: durationMs(values.duration),
		webhookSecret: values['webhook-secret'],
		log: (line) => console.log(`${new Date().toISOString()} ${line}`),
	});
	const image = kling.imageUrl(PRODUCT_IMAGE);
	console.log(`Local Kling: ${kling.baseUrl}

  Access Key  ${kling.accessKey}
  Secret Key  ${kling.secretKey}
  API Key     ${kling.apiKey}
  Image       ${image}

Try it:
  curl ${kling.baseUrl}/v1/general/ai-multi-shot -H 'Authorization: Bearer ${kling.apiKey}' -H 'Content-Type: application/json' -d '{"element_frontal_image":"${image}"}'

The views are stand-ins: it draws one robot for every image, in its colours.
Ctrl-C ends it.`);
	const end = () => void kling.close().then(() => process.exit());
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end);
	whenParentIsGone(end);
}

function number(name: string, text: string, min: number, max: number): number {
	const value = /^\d+$/.test(text) ? Number(text) : NaN;
	if (value >= min && value <= max) return value;
	throw new Error(`--${name} must be ${min} to ${max}: ${text}`);
}

function durationMs(text: string): [number, number] {
	const [, shortest, longest] = /^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/.exec(text) ?? [];
	const [min, max] = [Number(shortest) * 1000, Number(longest) * 1000];
	if (min <= max) return [min, max];
	throw new Error(`--duration must be shortest-longest in seconds, such as 3-8: ${text}`);
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
