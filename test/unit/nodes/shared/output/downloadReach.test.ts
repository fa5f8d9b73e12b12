import { NodeConnectionTypes, type IExecuteFunctions, type INodeType } from 'n8n-workflow';
import {
	downloadImagesField,
	imageOutputField,
} from '../../../../../nodes/shared/output/outputFields';
import { imageItems, readImageSettings } from '../../../../../nodes/shared/output/images';
import { makeImage, startKling } from '../../../../kling';
import { startEngine } from '../../../../support/engine';
import { useFastTime } from '../../../../support/fastTime';
import { useStage } from '../../../../support/stage';
import { downloadFrom, failedBecause, finishedTask, get } from './imagesGiven';

useFastTime();
const stage = useStage();

beforeEach(() => stage.kling.reset());

const none = Buffer.alloc(0);
const redirect = (name: string, redirectTo: string, status?: number): string =>
	stage.kling.serve(name, none, { redirectTo, ...(status && { status }) });

describe('redirects', () => {
	it.each([301, 302, 303, 307, 308])('are followed after HTTP %d', async (status) => {
		const good = stage.kling.imageUrl(await makeImage());
		const { stored } = await downloadFrom(stage, redirect('there', good, status));
		expect(stored?.bytes.equals(await makeImage())).toBe(true);
	});

	it('are followed where they are relative, and to another host, without any key', async () => {
		const other = await startKling();
		try {
			const there = other.imageUrl(await makeImage());
			redirect('second', there);
			const { stored } = await downloadFrom(stage, redirect('first', 'second'));
			expect(stored?.bytes.equals(await makeImage())).toBe(true);
			const sent = [...stage.kling.requests, ...other.requests];
			const files = sent.filter(({ operation }) => operation === 'file');
			expect(files.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill(undefined));
		} finally {
			await other.close();
		}
	});

	it.each([
		[
			'a private address',
			'https://10.0.0.7/a.png',
			/was not downloaded: 10\.0\.0\.7 is not a public address/,
		],
		[
			'a link-local address',
			'http://169.254.169.254/latest',
			/was not downloaded: 169\.254\.169\.254 is not a public address/,
		],
		[
			'a name of the own network',
			'https://storage.internal/a.png',
			/was not downloaded: storage\.internal is not a public address/,
		],
		['a file', 'file:///etc/passwd', /does not begin with https:\/\/ or http:\/\/$/],
		['data', 'data:image/png;base64,iVBORw0KGgo=', /does not begin with https:\/\//],
		['no address', 'http://', /its address is not valid$/],
	])('are refused when they lead to %s', async (_name, target, reason) => {
		redirect('second', target);
		const { errors } = await downloadFrom(stage, redirect('first', 'second'));
		expect(errors).toEqual(failedBecause(reason));
		expect(stage.kling.count('file')).toBe(2);
	});

	it('are followed 5 times at the most', async () => {
		const { errors } = await downloadFrom(stage, redirect('round', 'round'));
		expect(errors).toEqual(failedBecause('The image redirects more than 5 times'));
		expect(stage.kling.count('file')).toBe(6);
	});
});

describe('addresses from the API', () => {
	it.each([
		['http://192.168.1.1/a.png', /was not downloaded: 192\.168\.1\.1 is not a public address/],
		['http://[fd00::1]/a.png', /was not downloaded: \[fd00::1\] is not a public address/],
		['ftp://example.com/a.png', /does not begin with https:\/\/ or http:\/\/$/],
		['a.png', /its address is not valid$/],
	])('are refused like redirects: %s', async (url, reason) => {
		expect((await downloadFrom(stage, url)).errors).toEqual(failedBecause(reason));
	});

	it('must begin with https:// and may not be loopback, unless Kling itself is on loopback', async () => {
		const plain = stage.kling.imageUrl(await makeImage());
		const noHttps = 'The image was not downloaded: its address does not begin with https://';
		expect(await errorsOfPublicKling(plain)).toEqual(failedBecause(noHttps));
		expect(await errorsOfPublicKling(plain.replace('http:', 'https:'))).toEqual(
			failedBecause(/127\.0\.0\.1 is n8n's own machine$/),
		);
		expect(stage.kling.count('file')).toBe(0);
	});

	it('are the only ones that are fetched, whatever the input says', async () => {
		const { task_id } = finishedTask(stage.kling);
		const url_1 = stage.kling.imageUrl(await makeImage());
		const task_result = { images: [{ index: 0, url_1 }] };
		const items = [{ json: { task_id, task_result, url: url_1 } }];
		const run = await stage.engine.runNode({ parameters: get('={{ $json.task_id }}'), items });
		expect(Object.keys(run.items[0]?.binary ?? {})).toHaveLength(9);
		expect(stage.kling.count('view')).toBe(9);
		expect(stage.kling.count('file')).toBe(0);
	});
});

/** A node of the test's own, which gives our code a task as if it came from the real Kling, that no test may reach. */
async function errorsOfPublicKling(url: string): Promise<unknown> {
	const task_result = { images: [{ index: 0, url_1: url }] };
	const task = { task_id: '7', task_status: 'succeed', task_result } as const;
	const publicKling: INodeType = {
		description: {
			displayName: 'Public Kling',
			name: 'publicKling',
			group: [],
			version: 1,
			description: '',
			defaults: {},
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			properties: [downloadImagesField(true), imageOutputField('task')],
		},
		async execute(this: IExecuteFunctions) {
			const { signal } = new AbortController();
			const fetching = { context: this, isLocal: false, signal };
			return [await imageItems(fetching, task, {}, readImageSettings(this))];
		},
	};
	const engine = await startEngine({ nodeTypes: { nodes: { publicKling }, credentials: {} } });
	try {
		const run = await engine.runNode({ type: 'publicKling', parameters: { downloadImages: true } });
		return run.items[0]?.json.download_errors;
	} finally {
		engine.stop();
	}
}
