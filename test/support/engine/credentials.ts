import { Credentials } from 'n8n-core';
import { ICredentialsHelper, NodeHelpers } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	INodeCredentialsDetails,
	INodeProperties,
	IRequestOptionsSimplified,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

/** What the user typed, by credential type (`klingApi`) or by the credential's own id. */
export type CredentialData = Record<string, ICredentialDataDecryptedObject>;

/**
 * n8n's CredentialsHelper belongs to the package n8n, not to n8n-core. This one does for the tests
 * what that one does for a credential that signs in `authenticate`: fill in the defaults of fields
 * that were left out, hide what displayOptions hide, and call the credential class.
 */
export class EngineCredentials extends ICredentialsHelper {
	constructor(
		private readonly types: Record<string, ICredentialType>,
		private readonly data: CredentialData,
	) {
		super();
	}

	getParentTypes(name: string): string[] {
		return (this.types[name]?.extends ?? []).flatMap((parent) => [
			parent,
			...this.getParentTypes(parent),
		]);
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		requestOptions: IHttpRequestOptions | IRequestOptionsSimplified,
	): Promise<IHttpRequestOptions> {
		const { authenticate } = this.type(typeName);
		if (typeof authenticate !== 'function')
			throw new Error(`${typeName} has no authenticate function`);
		return await authenticate.call(
			this.type(typeName),
			credentials,
			requestOptions as IHttpRequestOptions,
		);
	}

	/** n8n calls it only for a credential with an expirable hidden property. */
	async preAuthentication(): Promise<undefined> {
		return undefined;
	}

	async runPreAuthentication(): Promise<undefined> {
		return undefined;
	}

	async getCredentials(details: INodeCredentialsDetails, type: string): Promise<Credentials> {
		const credentials = new Credentials({ id: details.id, name: details.name }, type);
		await credentials.setData(this.stored(details, type));
		return credentials;
	}

	async getDecrypted(
		_additionalData: IWorkflowExecuteAdditionalData,
		details: INodeCredentialsDetails,
		type: string,
	): Promise<ICredentialDataDecryptedObject> {
		return this.withDefaults(this.stored(details, type), type);
	}

	withDefaults(data: ICredentialDataDecryptedObject, type: string): ICredentialDataDecryptedObject {
		const properties = this.getCredentialsProperties(type);
		const parameters = { ...data } as Parameters<typeof NodeHelpers.getNodeParameters>[1];
		return NodeHelpers.getNodeParameters(
			properties,
			parameters,
			true,
			false,
			null,
			null,
		) as ICredentialDataDecryptedObject;
	}

	async updateCredentials(): Promise<void> {
		return await Promise.reject(new Error('A test credential is never written'));
	}

	async updateCredentialsOauthTokenData(): Promise<void> {
		return await this.updateCredentials();
	}

	getCredentialsProperties(type: string): INodeProperties[] {
		return this.type(type).properties;
	}

	private type(name: string): ICredentialType {
		const type = this.types[name];
		if (!type) throw new Error(`Unknown credential type ${name}`);
		return type;
	}

	private stored(
		{ id, name }: INodeCredentialsDetails,
		type: string,
	): ICredentialDataDecryptedObject {
		const data = this.data[id ?? ''] ?? this.data[type];
		if (!data)
			throw new Error(`Credential with ID "${id}" (${name}) does not exist for type "${type}".`);
		return data;
	}
}
