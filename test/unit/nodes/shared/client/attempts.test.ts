import { knownAttempt, rememberAttempt } from '../../../../../nodes/shared/client/attempts';
import { enterExecution, leaveExecution } from '../../../../../nodes/shared/client/execution';

const OTHERS = 10_001;

it('what a running execution has created outlasts all that others create', () => {
	const running = enterExecution('running');
	const ended = { ...enterExecution('ended'), running: 0, endedAt: -Infinity };
	const place = 'a place';
	rememberAttempt('account', 'mine', { execution: running, place });
	rememberAttempt('account', 'oldest', { execution: ended, place });
	for (let other = 0; other < OTHERS; other++)
		rememberAttempt('account', `other-${other}`, { execution: ended, place });
	expect(knownAttempt('account', 'mine')).toMatchObject({ execution: { executionId: 'running' } });
	expect(knownAttempt('account', 'oldest')).toBeUndefined();
	leaveExecution(running);
});
