import { Readable } from 'node:stream';
import type { IDataObject, IExecuteFunctions, INode, INodeExecutionData } from 'n8n-workflow';
import { enterExecution } from '../../../nodes/shared/client/execution';
import type { Run } from '../../../nodes/shared/run/operation';

const NODE: INode = {
	id: 'node',
	name: 'Kling AI Multi-Shot',
	type: 'n8n-nodes-kling-multi-shot.klingAiMultiShot',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

export interface Given {
	parameters?: Record<string, unknown>;
	/** The Options of the node as entered, with their expressions. */
	nodeOptions?: IDataObject;
	item?: Partial<INodeExecutionData>;
	/** What n8n's helpers give for a file. */
	file?: { mimeType: string; data: string; id?: string };
	fileSize?: number;
	bytes?: Buffer;
	/** To a GET; without one nobody answers. */
	answer?: { statusCode: number; headers: Record<string, unknown> };
	/** The execution's resume URL. */
	resumeUrl?: string;
	isTool?: boolean;
	engineType?: string;
	binaryMode?: string;
	/** Hints are added to it. */
	hints?: string[];
	signal?: AbortSignal;
	credential?: Record<string, string>;
}

/** What the errors need of n8n's context: no engine runs, and nothing is sent. */
export function contextWith(given: Given = {}): IExecuteFunctions {
	const { parameters = {}, item = {}, file, fileSize = 0, bytes } = given;
	const context = {
		getNode: () => ({ ...NODE, parameters: { options: given.nodeOptions } }),
		getNodeParameter: (name: string, _itemIndex?: number, fallback?: unknown) =>
			parameters[name] ?? fallback,
		getInputData: () => [{ json: {}, ...item }],
		getTimezone: () => 'UTC',
		getWorkflowSettings: () => ({ engineType: given.engineType, binaryMode: given.binaryMode }),
		getWorkflowDataProxy: () => ({ $execution: { resumeUrl: given.resumeUrl } }),
		getExecutionCancelSignal: () => given.signal,
		getCredentials: async () => given.credential,
		getExecutionId: () => '1',
		continueOnFail: () => false,
		isToolExecution: () => given.isTool === true,
		addExecutionHints: ({ message }: { message: string }) => given.hints?.push(message),
		helpers: {
			async httpRequest() {
				if (given.answer) return { ...given.answer, body: Readable.from([]) };
				throw new Error('connect ECONNREFUSED');
			},
			assertBinaryData() {
				if (file) return file;
				throw new Error('This operation expects a file');
			},
			async getBinaryMetadata() {
				return { fileSize };
			},
			async getBinaryDataBuffer() {
				if (bytes) return bytes;
				throw new Error('ENOENT: no such file');
			},
		},
	};
	return context as unknown as IExecuteFunctions;
}

/** A run that sends nothing. */
export function runWith(given: Given = {}): Run {
	const { signal } = new AbortController();
	const context = contextWith(given);
	const run = { context, kling: { isLocal: false }, signal, execution: enterExecution('') };
	return run as unknown as Run;
}
