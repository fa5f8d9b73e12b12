import type { Fate } from './clockwork';
import type { CallbackOptions, Delivery } from './callbacks';
import type { NewElement } from './elements/elsewhere';
import type { Element } from './elements/library';
import type { Fault } from './fault';
import type { FaultHandle } from './faults';
import type { ServeOptions } from './files';
import type { Operation, RecordedRequest } from './requests';
import type { Switches } from './switches';
import type { NewTask, Task, TaskStatus } from './tasks';

export interface KlingOptions {
	/** `manual`: tasks move when told by move(). `auto`: by themselves. */
	mode?: 'manual' | 'auto';
	/** Shortest and longest, in auto mode; 3 to 8 s unless told. */
	durationMs?: readonly [number, number];
	/** No limit unless told. */
	slots?: number;
	/** Of the durations and of faults that name no own seed. */
	seed?: number;
	/** A free one unless told. */
	port?: number;
	/** `whsec_…`, several separated by spaces. Without one no callback is signed. */
	webhookSecret?: string | undefined;
	switches?: Partial<Switches>;
	/** Added to this machine's clock, to get Kling's. */
	clockOffsetMs?: number;
	/** Random unless told. */
	accessKey?: string;
	secretKey?: string;
	apiKey?: string;
	/** One line for each request that ended. */
	log?: (line: string) => void;
}

export interface Counters {
	/** With those made elsewhere. */
	readonly tasksMade: number;
	/** Made by a POST to this Kling: 20 units each. */
	readonly tasksCharged: number;
	readonly maxRunning: number;
	/** Creates of elements that were accepted, whatever became of them. */
	readonly elementTasksMade: number;
	/** Of those, the ones that ended as an element, deleted since or not. */
	readonly elementsMade: number;
	readonly maxParallel: Readonly<Record<Operation, number>>;
	/** Requests for images that carried an Authorization header, and were refused. */
	readonly authorizedViews: number;
}

export interface Kling {
	readonly baseUrl: string;
	readonly accessKey: string;
	readonly secretKey: string;
	readonly apiKey: string;
	webhookSecret: string | undefined;
	clockOffsetMs: number;
	slots: number;
	readonly switches: Switches;
	/** In auto mode. */
	fate: Fate;
	/** Newest last. */
	readonly tasks: readonly Task[];
	/** Tasks that make elements; newest last. move() moves them, too. */
	readonly elementTasks: readonly Task[];
	/** The account's own, deleted ones too; newest last. */
	readonly elements: readonly Element[];
	readonly requests: readonly RecordedRequest[];
	readonly deliveries: readonly Delivery[];
	readonly counters: Counters;
	/** Requests that arrived, answered or not. */
	count(operation: Operation): number;
	task(task_id: string): Task;
	/** A task made elsewhere: not charged, but it holds a slot until it ends. */
	createTask(task?: NewTask & { frontImage?: Buffer }): Task;
	/** An element made elsewhere, finished unless `status` is given. */
	createElement(element?: NewElement): Task;
	/** Resolves when the callbacks were delivered that are neither delayed nor held back. */
	move(task_id: string, status: TaskStatus, options?: { task_status_msg?: string }): Promise<Task>;
	fault(fault: Fault): FaultHandle;
	/** Any body to any loopback URL, as a callback. */
	sendCallback(url: string, body: unknown, options?: CallbackOptions): Promise<Delivery>;
	/** What the console's test button sends. */
	sendTestCallback(url: string, options?: CallbackOptions): Promise<Delivery>;
	/** URL under which this server gives a file out as it is. */
	serve(name: string, bytes: Buffer, options?: ServeOptions): string;
	/** The same for a path or bytes, with a name of its own. */
	imageUrl(file: string | Buffer): string;
	/** Throws after `timeoutMs` (10 s). */
	until(condition: () => boolean, timeoutMs?: number): Promise<void>;
	/** All callbacks under way or due were delivered. */
	settled(): Promise<void>;
	/** As it was after the start, but for served files, keys and address. */
	reset(): void;
	/** Refuses connections, and drops those that are open, until comeBack(). */
	goAway(): Promise<void>;
	comeBack(): Promise<void>;
	close(): Promise<void>;
}
