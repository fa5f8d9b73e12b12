import { knownAttempt, rememberOutcome } from '../../../../../nodes/shared/client/attempts';
import { enterExecution, leaveExecution } from '../../../../../nodes/shared/client/execution';

const LOST = { is: 'inDoubt' } as const;

const OTHERS = 10_001;

it('what a running execution has created outlasts all that others create', () => {
	const running = enterExecution('running');
	const ended = { ...enterExecution('ended'), running: 0, endedAt: -Infinity };
	const place = 'a place';
	rememberOutcome('account', 'mine', { execution: running, place }, LOST);
	rememberOutcome('account', 'oldest', { execution: ended, place }, LOST);
	for (let other = 0; other < OTHERS; other++)
		rememberOutcome('account', `other-${other}`, { execution: ended, place }, LOST);
	expect(knownAttempt('account', 'mine')).toMatchObject({ execution: { executionId: 'running' } });
	expect(knownAttempt('account', 'oldest')).toBeUndefined();
	leaveExecution(running);
});
