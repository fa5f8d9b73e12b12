import { expectWorks, SETTINGS, type Setting } from './unusual';

/** All at once that go together; `npm run test:soak` takes them one by one. */
const together: Setting = {
	name: 'nothing saved, at a sub-path, with a short workflow timeout',
	folder: '/automation/n8n/',
	workflow: { executionTimeout: 3 },
	pauseMs: 4_000,
	environment: (proxy) => ({
		...SETTINGS.find(({ name }) => name === 'save nothing')?.environment?.(proxy),
		N8N_WEBHOOK_URL: proxy.url.replace(/\/$/, ''),
		N8N_DEFAULT_BINARY_DATA_MODE: 'database',
	}),
};

it(
	`a pause and a trigger work with ${together.name}`,
	async () => await expectWorks(together),
	240_000,
);
