import {
	NodeApiError,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type IHttpRequestOptions,
	type INode,
	type JsonObject,
} from 'n8n-workflow';
import { deliver, type Delivered, type NetworkError } from '../kling/faulty';
import type { Call, TryRecord, ViewsRef } from '../record';
import type { Sim } from '../sim';
import { delay, never } from '../time/waiting';
import { asResponse, axiosError, CANCELED } from './answer';
import type { SimProcess } from './process';

export interface Caller {
	sim: Sim;
	process: SimProcess;
	execution: string;
	try_: TryRecord | undefined;
	node: INode;
	signal: AbortSignal | undefined;
}

/** n8n's helper: signs, hears Stop by itself, and wraps every failure. */
export async function authenticatedRequest(
	caller: Caller,
	options: IHttpRequestOptions,
	data: ICredentialDataDecryptedObject,
): Promise<unknown> {
	const { process, node, signal } = caller;
	try {
		const signed = process.credential.authenticate;
		if (typeof signed !== 'function') throw new Error('The credential does not sign');
		const ready = await signed.call(process.credential, data, {
			...options,
			...(signal && { abortSignal: signal }),
		});
		return await plainRequest(caller, ready);
	} catch (error) {
		throw new NodeApiError(node, error as JsonObject);
	}
}

/** n8n's `httpRequest`, over a network that does what the plan says. */
export async function plainRequest(caller: Caller, options: IHttpRequestOptions): Promise<unknown> {
	const { sim, process } = caller;
	if (!process.isAlive) return await never();
	const signal = options.abortSignal as AbortSignal | undefined;
	const url = new URL(options.url);
	for (const [name, value] of Object.entries(options.qs ?? {}))
		url.searchParams.set(name, String(value));
	const call = begin(caller, options, url, signal);
	if (!call.left) throw axiosError(CANCELED);
	const limit = limitOf(options.timeout, signal);
	const answer = await Promise.race([
		send(sim, call, { ...options, url: url.href }, signal),
		limit.reached,
	]);
	limit.release();
	if (!process.isAlive) return await never();
	call.answeredAt = sim.time.now();
	call.answeredSeq = sim.nextSeq();
	if ('error' in answer) throw axiosError(answer.error);
	return asResponse(call, options, answer);
}

function begin(
	{ sim, process, execution, try_ }: Caller,
	options: IHttpRequestOptions,
	url: URL,
	signal: AbortSignal | undefined,
): Call {
	const operation = sim.kling.operationOf(options.method ?? 'GET', url);
	const body = bodyOf(options);
	const views = viewsIn(body);
	const call: Call = {
		seq: sim.nextSeq(),
		at: sim.time.now(),
		operation,
		try_,
		execution,
		process: process.name,
		body: asCreate(body),
		...(views && { views }),
		left: !signal?.aborted,
		failedTasks: [],
	};
	sim.record.calls.push(call);
	return call;
}

function bodyOf({ body }: IHttpRequestOptions): IDataObject | undefined {
	if (typeof body === 'string') return JSON.parse(body) as IDataObject;
	if (Buffer.isBuffer(body)) return JSON.parse(body.toString()) as IDataObject;
	return body as IDataObject | undefined;
}

/** The front image stands where Create Task has it. */
function asCreate(body: IDataObject | undefined): IDataObject | undefined {
	const list = body?.element_image_list as IDataObject | undefined;
	return list ? { ...body, element_frontal_image: list.frontal_image } : body;
}

/** The address of a view names its task and its set, which Kling counts from 0. */
function viewsIn(body: IDataObject | undefined): ViewsRef | undefined {
	const list = body?.element_image_list as { refer_images?: Array<{ image_url?: string }> };
	const address = list?.refer_images?.[0]?.image_url ?? '';
	const found = /\/views\/(\d+)\/([012])_/.exec(address);
	return found ? { task_id: found[1] ?? '', set: Number(found[2]) + 1 } : undefined;
}

async function send(
	sim: Sim,
	call: Call,
	options: IHttpRequestOptions,
	signal: AbortSignal | undefined,
): Promise<Delivered> {
	const fault = nextFault(sim, call);
	if (fault) call.fault = fault.kind;
	const latencyMs = sim.plan.kling.latencyMs;
	const sent = bodyOf(options);
	const request = {
		method: options.method ?? 'GET',
		url: new URL(options.url),
		headers: headersOf(options),
		body: sent ? JSON.stringify(sent) : '',
	};
	await delay(latencyMs);
	if (fault?.kind === 'slow' && fault.when === 'before')
		await onItsWay((fault.delayS ?? 1) * 1000, signal);
	const delivered = await deliver(fault, async () => {
		return await sim.kling.handle(request, (task) => {
			call.taskId = task.task_id;
			sim.record.charges.push({ seq: sim.nextSeq(), at: sim.time.now(), task, call });
		});
	});
	const isSlow = fault?.kind === 'slow' && fault.when === 'after';
	await delay(latencyMs + (isSlow ? delivered.delayMs : 0));
	return delivered;
}

/** A request that was given up may still arrive, but not much later: its connection is closed. */
const GIVEN_UP_MS = 10_000;

async function onItsWay(ms: number, signal: AbortSignal | undefined): Promise<void> {
	const givenUp = new Promise<void>((resolve) => {
		const onGivenUp = () => resolve(delay(GIVEN_UP_MS));
		if (signal?.aborted) onGivenUp();
		signal?.addEventListener('abort', onGivenUp, { once: true });
	});
	await Promise.race([delay(ms), givenUp]);
}

function nextFault({ plan, seen }: Sim, { operation }: Call) {
	const number = seen.get(operation) ?? 0;
	seen.set(operation, number + 1);
	return plan.faults.find(
		({ on, from, times }) => on === operation && number >= from && number < from + times,
	);
}

function headersOf({ headers = {}, body }: IHttpRequestOptions): { [name: string]: string } {
	const sent: { [name: string]: string } = body ? { 'content-type': 'application/json' } : {};
	for (const [name, value] of Object.entries(headers)) sent[name.toLowerCase()] = String(value);
	return sent;
}

/** The request's timeout, and Stop. */
function limitOf(ms = 300_000, signal?: AbortSignal) {
	let release = (): void => undefined;
	const reached = new Promise<{ error: NetworkError }>((resolve) => {
		const stop = () => resolve({ error: CANCELED });
		const message = `timeout of ${ms}ms exceeded`;
		const error = { code: 'ECONNABORTED', syscall: '', message };
		const timer = setTimeout(() => resolve({ error }), ms);
		signal?.addEventListener('abort', stop, { once: true });
		release = () => {
			clearTimeout(timer);
			signal?.removeEventListener('abort', stop);
		};
	});
	return { reached, release };
}
