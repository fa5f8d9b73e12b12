import { N8nError, type Session } from './session';
import type {
	CredentialTestResult,
	ListSearchResult,
	NodeTypeDescription,
	StoredCredential,
} from './types';

export interface Owner {
	email: string;
	password: string;
}

interface ListSearchRequest {
	nodeType: string;
	typeVersion: number;
	/** The property that is a resource locator. */
	property: string;
	methodName: string;
	parameters: Record<string, unknown>;
	credential: { type: string; id: string; name: string };
	filter?: string;
	paginationToken?: string;
}

/** Owner, credentials and what the editor asks to draw its panels. */
export const accounts = (session: Session) => ({
	/** Makes the owner of a new n8n, or logs in as the one that is there. */
	async logIn(owner: Owner): Promise<void> {
		try {
			await session.request('POST', '/rest/owner/setup', {
				...owner,
				firstName: 'Local',
				lastName: 'Owner',
			});
		} catch (error) {
			if (!(error instanceof N8nError) || error.status !== 400) throw error;
		}
		await session.request('POST', '/rest/login', {
			emailOrLdapLoginId: owner.email,
			password: owner.password,
		});
	},

	async createCredential(
		name: string,
		type: string,
		data: Record<string, unknown>,
	): Promise<StoredCredential> {
		return await session.request('POST', '/rest/credentials', { name, type, data });
	},

	async updateCredential(
		id: string,
		name: string,
		type: string,
		data: Record<string, unknown>,
	): Promise<StoredCredential> {
		return await session.request('PATCH', `/rest/credentials/${id}`, { name, type, data });
	},

	async listCredentials(): Promise<StoredCredential[]> {
		return await session.request('GET', '/rest/credentials');
	},

	async deleteCredential(id: string): Promise<void> {
		await session.request('DELETE', `/rest/credentials/${id}`);
	},

	async testCredential(
		credential: StoredCredential,
		data: Record<string, unknown>,
	): Promise<CredentialTestResult> {
		const { id, name, type } = credential;
		return await session.request('POST', '/rest/credentials/test', {
			credentials: { id, name, type, data },
		});
	},

	async nodeTypes(): Promise<NodeTypeDescription[]> {
		return await session.request('GET', '/types/nodes.json');
	},

	/** What the panel offers under "From List". */
	async listSearch(request: ListSearchRequest): Promise<ListSearchResult> {
		const { credential } = request;
		return await session.request('POST', '/rest/dynamic-node-parameters/resource-locator-results', {
			path: `parameters.${request.property}`,
			methodName: request.methodName,
			nodeTypeAndVersion: { name: request.nodeType, version: request.typeVersion },
			currentNodeParameters: request.parameters,
			credentials: { [credential.type]: { id: credential.id, name: credential.name } },
			...(request.filter === undefined ? {} : { filter: request.filter }),
			...(request.paginationToken === undefined
				? {}
				: { paginationToken: request.paginationToken }),
		});
	},
});
