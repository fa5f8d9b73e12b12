import fc, { type Arbitrary } from 'fast-check';
import { merged, mostly, optional } from './often';
import { clockPlan, faultPlans, klingPlan } from './surroundings';
import type { CallbackPlan, ExecutionPlan, ItemPlan, NodePlan, Plan } from './plan';

const LONGEST_PAUSE_MS = 90_000;

const item: Arbitrary<ItemPlan> = fc
	.tuple(
		fc.record({ image: fc.integer({ min: 0, max: 11 }) }),
		optional(
			'ownId',
			fc.oneof(
				{ arbitrary: fc.record({ order: fc.integer({ min: 0, max: 3 }) }), weight: 9 },
				{ arbitrary: fc.record({ taskIdOf: fc.integer({ min: 0, max: 1 }) }), weight: 1 },
			),
			1,
		),
		optional('varies', fc.constantFrom('image', 'ownId'), 9),
	)
	.map((parts) => merged<ItemPlan>(parts));

/** In half of the worlds an own id means one image, as it should; in the others two images may share one. */
const items: Arbitrary<ItemPlan[]> = fc
	.tuple(
		fc.oneof(
			{ arbitrary: fc.array(item, { minLength: 1, maxLength: 3 }), weight: 12 },
			{ arbitrary: fc.array(item, { minLength: 1, maxLength: 12 }), weight: 1 },
		),
		fc.boolean(),
	)
	.map(([drawn, idMeansImage]) =>
		idMeansImage
			? drawn.map((one) =>
					one.ownId && 'order' in one.ownId ? { ...one, image: one.ownId.order } : one,
				)
			: drawn,
	);

const node: Arbitrary<NodePlan> = fc
	.tuple(
		fc.record({
			creates: mostly<'task' | 'element'>('task', fc.constant('element'), 3),
			from: fc.constantFrom<NodePlan['from']>('views', 'images'),
			set: fc.constantFrom<NodePlan['set']>(1, 2, 'all'),
			onError: fc.constantFrom('stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'),
			wait: fc.constantFrom('none', 'poll', 'callback'),
			downloadImages: mostly(false, fc.constant(true), 24),
			output: mostly<'task' | 'images'>('task', fc.constant('images'), 4),
			timeoutS: fc.constantFrom(70, 90, 120),
			pollIntervalS: fc.constantFrom(0, 2, 5, 15),
			maxConcurrent: fc.constantFrom(5, 1, 2),
			maxNewTasks: mostly(0, fc.constantFrom(1, 2, 3), 5),
			capacityTimeoutS: fc.constantFrom(60, 0, 10),
			ifExternalIdExists: mostly<'reuse' | 'error'>('reuse', fc.constant('error')),
			reuseTaskOnRetry: mostly(true, fc.constant(false), 9),
			onFailedTask: fc.constantFrom('error', 'output'),
			onTimeout: fc.constantFrom('error', 'output'),
			authentication: mostly<'apiKey' | 'accessKey'>('apiKey', fc.constant('accessKey'), 9),
			plainSleep: fc.boolean(),
		}),
		optional(
			'retry',
			fc.record({
				maxTries: fc.constantFrom(2, 3),
				waitMs: fc.constantFrom(0, 1_000, 5_000),
			}),
			1,
		),
	)
	.map((parts) => merged<NodePlan>(parts))
	.map((plan) => (plan.creates === 'element' ? ofElement(plan) : ofTask(plan)));

/** Create Task has no references. */
function ofTask(plan: NodePlan): NodePlan {
	return { ...plan, from: 'images', set: 1 };
}

/** What Create Element has no setting for. */
function ofElement(plan: NodePlan): NodePlan {
	return {
		...plan,
		wait: plan.wait === 'none' ? 'none' : 'poll',
		downloadImages: false,
		output: 'task',
		pollIntervalS: 0,
		onFailedTask: 'error',
		onTimeout: 'error',
	};
}

const callbacks: Arbitrary<CallbackPlan> = fc
	.tuple(
		fc.record({
			delaysMs: fc.oneof(
				fc.constant<number[]>([500]),
				fc.constant<number[]>([]),
				fc.array(fc.constantFrom(0, 100, 3_000, 20_000, 100_000), { minLength: 1, maxLength: 3 }),
			),
			unfinished: fc.boolean(),
			process: fc.constantFrom<0 | 1>(0, 1),
		}),
		optional('forgedAfterMs', fc.constantFrom(10, 2_000, 30_000), 9),
	)
	.map((parts) => merged<CallbackPlan>(parts));

const stopAt = optional('stopAtMs', fc.integer({ min: 0, max: LONGEST_PAUSE_MS }), 4);

const firstExecution: Arbitrary<ExecutionPlan> = fc
	.tuple(
		fc.record({
			startMs: fc.constant(0),
			after: fc.constant('start' as const),
			process: fc.constant(0 as const),
			kind: fc.oneof(
				{ arbitrary: fc.constant('workflow' as const), weight: 6 },
				{ arbitrary: fc.constantFrom('loop', 'tool'), weight: 1 },
			),
		}),
		stopAt,
	)
	.map((parts) => merged<ExecutionPlan>(parts));

/** Side by side, or again after the first has ended; in the same process or in another. */
const secondExecution: Arbitrary<ExecutionPlan> = fc
	.tuple(
		fc.record({
			startMs: fc.constantFrom(0, 20, 100, 1_000, 10_000, 30_000),
			after: fc.constantFrom('start', 'previous'),
			process: fc.constantFrom<0 | 1>(0, 1),
			kind: fc.constant('workflow' as const),
		}),
		stopAt,
	)
	.map((parts) => merged<ExecutionPlan>(parts));

/** Two tries meet the same refusal, while Kling is slow to show what the first one has created. */
const sameRefusal: Arbitrary<(plan: Plan) => Plan> = fc
	.record({
		refusedFrom: fc.integer({ min: 1, max: 2 }),
		refusals: fc.integer({ min: 2, max: 4 }),
		code: fc.constantFrom(1301, 1201, 1200),
		readFrom: fc.integer({ min: 0, max: 6 }),
		delayS: fc.constantFrom(1, 4, 20),
		waitMs: fc.constantFrom(0, 1_000),
	})
	.map(({ refusedFrom, refusals, code, readFrom, delayS, waitMs }) => (plan) => ({
		...plan,
		items: plan.items.map((one, order) => ({ ...one, ownId: { order }, varies: 'ownId' })),
		node: {
			...plan.node,
			onError: 'stopWorkflow',
			maxConcurrent: 5,
			retry: { maxTries: 3, waitMs },
		},
		faults: [
			{ on: 'create', from: refusedFrom, times: refusals, kind: 'code', code, when: 'before' },
			{ on: 'get', from: readFrom, times: 1, kind: 'slow', delayS, when: 'before' },
		],
	}));

export const worlds: Arbitrary<Plan> = fc
	.tuple(
		fc.record({
			seed: fc.nat(1_000_000),
			items,
			node,
			kling: klingPlan,
			faults: faultPlans,
			clock: clockPlan,
			callbacks,
			executions: fc
				.tuple(firstExecution, fc.option(secondExecution, { freq: 2, nil: undefined }))
				.map(([first, second]) => (second ? [first, second] : [first])),
		}),
		optional('killAtMs', fc.integer({ min: 0, max: LONGEST_PAUSE_MS }), 9),
		// Last, so that all other worlds keep their seeds.
		mostly((plan: Plan) => plan, sameRefusal, 14),
	)
	.map(([drawn, kill, changed]) => changed(merged<Plan>([drawn, kill])));
