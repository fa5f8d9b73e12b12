import fc, { type Arbitrary } from 'fast-check';
import type { Switches } from '../../kling';
import { merged, mostly, optional } from './often';
import type { ClockPlan, FaultPlan, ForeignPlan, KlingPlan } from './plan';

/** Each fact about Kling that nobody can vouch for, and its opposite. */
const SWITCHES: { [Name in keyof Switches]?: ReadonlyArray<Switches[Name]> } = {
	lookupByExternalId: [false],
	externalIdsUnique: [false],
	duplicateMessage: ['Invalid value', 'Repeated id'],
	unknownTask: [404],
	getVisibleAfterMs: [500, 4_000, 15_000],
	listVisibleAfterMs: [500, 4_000, 15_000],
	queryLagMs: [2_000, 10_000],
	imageShape: ['flat'],
	successWord: ['succeeded'],
	listOrder: ['oldestFirst'],
	taskInfo: ['always', 'empty', 'omitted'],
	emptyResult: ['omitted'],
	unitDeduction: [false],
	callbackBody: ['documented', 'newer'],
	errorsWithHttp200: [true],
	errorsCarryNullData: [true],
	slotsCheckedFirst: [true],
	createsPerSecond: [1, 3],
};

type Choice = { [Name in keyof Switches]?: Switches[Name] };

const choices: Choice[] = Object.entries(SWITCHES).flatMap(([name, values]) =>
	values.map((value): Choice => ({ [name]: value })),
);

/** What decides about charges comes more often: alone, and all of it together. */
const blindness: Arbitrary<Partial<Switches>> = fc.record(
	{
		lookupByExternalId: fc.constant(false),
		externalIdsUnique: fc.constant(false),
		getVisibleAfterMs: fc.constantFrom(0, 2_000, 10_000, 15_000),
		listVisibleAfterMs: fc.constantFrom(0, 2_000, 10_000, 15_000),
		taskInfo: fc.constantFrom<Switches['taskInfo']>('final', 'always', 'empty', 'omitted'),
	},
	{ requiredKeys: [] },
);

const switches: Arbitrary<Partial<Switches>> = fc.oneof(
	fc.constant({}),
	blindness,
	fc.array(fc.constantFrom(...choices), { maxLength: 5 }).map(joined),
	fc.tuple(blindness, fc.constantFrom(...choices)).map(joined),
);

function joined(parts: ReadonlyArray<Partial<Switches>>): Partial<Switches> {
	return merged<Partial<Switches>>(parts);
}

const foreign: Arbitrary<ForeignPlan> = fc
	.tuple(
		fc.record({ status: fc.constantFrom('succeed', 'submitted', 'failed') }),
		optional('order', fc.integer({ min: 0, max: 3 }), 1),
	)
	.map((parts) => merged<ForeignPlan>(parts));

export const klingPlan: Arbitrary<KlingPlan> = fc.record({
	switches,
	slots: fc.constantFrom(0, 1, 2, 3),
	durationS: fc.constantFrom(
		[3, 8] as const,
		[1, 1] as const,
		[15, 30] as const,
		[60, 150] as const,
	),
	failing: mostly<number[]>([], fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 2 })),
	foreign: mostly<ForeignPlan[]>([], fc.array(foreign, { minLength: 1, maxLength: 2 })),
	latencyMs: fc.constantFrom(30, 1, 400),
});

/** Codes of Kling's documentation, and some that are in no table. */
const CODES = [
	5000, 5001, 5002, 1302, 1303, 1003, 1004, 1101, 1200, 1201, 1301, 5003, 9999, -1, 1305,
];

const fault: Arbitrary<FaultPlan> = fc
	.tuple(
		fc.record({
			on: fc.oneof(
				{ arbitrary: fc.constant('create' as const), weight: 4 },
				{ arbitrary: fc.constantFrom('get', 'list'), weight: 3 },
				{ arbitrary: fc.constant('view' as const), weight: 1 },
			),
			from: fc.integer({ min: 0, max: 6 }),
			times: fc.constantFrom(1, 1, 2, 6),
			when: fc.constantFrom('after', 'before'),
		}),
		fc.oneof(
			fc
				.constantFrom(
					...([
						'refused',
						'unreachable',
						'certificate',
						'proxyPage',
						'drop',
						'readUnreachable',
					] as const),
					...(['cut', 'truncated', 'empty', 'page', 'forbiddenPage', 'missingPage'] as const),
					...(['redirect', 'noData', 'wrongTypes'] as const),
				)
				.map((kind) => ({ kind })),
			fc.record({
				kind: fc.constant('code' as const),
				code: fc.constantFrom(...CODES),
				asSuccess: fc.boolean(),
			}),
			fc.record({ kind: fc.constant('slow' as const), delayS: fc.constantFrom(1, 4, 20, 40, 130) }),
		),
	)
	.map((parts) => merged<FaultPlan>(parts))
	.map(honest);

/** Kling's refusals mean that nothing was made, whatever comes behind them: that much is documented. */
function honest(plan: FaultPlan): FaultPlan {
	const isRefusal = plan.kind === 'code' && REFUSALS.has(plan.code ?? 0);
	if (isRefusal) return { ...plan, when: 'before' };
	// Whoever gives up after its timeout cannot know of a request that reaches Kling later still.
	const isLate = plan.kind === 'slow' && (plan.delayS ?? 0) > 100;
	return isLate ? { ...plan, when: 'after' } : plan;
}

const REFUSALS = new Set([5001, 1302, 1303, 1003, 1004, 1101, 1200, 1201, 1301]);

export const faultPlans: Arbitrary<FaultPlan[]> = fc.oneof(
	{ arbitrary: fc.constant<FaultPlan[]>([]), weight: 1 },
	{ arbitrary: fc.array(fault, { minLength: 1, maxLength: 1 }), weight: 2 },
	{ arbitrary: fc.array(fault, { minLength: 2, maxLength: 6 }), weight: 1 },
);

export const clockPlan: Arbitrary<ClockPlan> = fc
	.tuple(
		fc.record({
			offsetMs: mostly(0, fc.constantFrom(-3_600_000, -60_000, 3_000, 60_000, 3_600_000)),
		}),
		optional(
			'shift',
			fc.record({
				atMs: fc.integer({ min: 0, max: 30_000 }),
				byMs: fc.constantFrom(-3_600_000, -30_000, 30_000, 3_600_000),
			}),
			7,
		),
	)
	.map((parts) => merged<ClockPlan>(parts));
