import { accounts } from './accounts';
import { executions } from './executions';
import { openSession } from './session';
import { workflows } from './workflows';

/** A typed client of n8n's REST interface, the one that the editor uses. Log in before anything else. */
export function connect(baseUrl: string, version: string) {
	const session = openSession(baseUrl, version);
	return { ...accounts(session), ...workflows(session), ...executions(session), session };
}

export type N8nApi = ReturnType<typeof connect>;
