import { TOLERANCE_S, type RefusedSignature } from '../transport/signature';

/** Why a callback was refused, for n8n's log; holds no secret. */
export function describeRefusal(refused: RefusedSignature): string {
	switch (refused.reason) {
		case 'missing':
			return 'webhook-id, webhook-timestamp or webhook-signature is missing';
		case 'badTimestamp':
			return 'webhook-timestamp is not a number of seconds';
		case 'unusableSecret':
			return "the credential's Webhook Secret is not valid";
		case 'noMatch':
			return 'no signature matches the Webhook Secret';
		case 'outsideTolerance': {
			const { ageS } = refused;
			const age = `${Math.abs(ageS)} s ${ageS > 0 ? 'old' : 'ahead'}`;
			return `the signature is valid, but its webhook-timestamp is ${age}, and at most ${TOLERANCE_S} s are allowed. Set the clock of n8n's machine; if the clock is right, someone has sent an old callback again`;
		}
	}
}
