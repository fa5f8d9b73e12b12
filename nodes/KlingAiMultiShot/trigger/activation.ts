import { NodeOperationError, type IHookFunctions } from 'n8n-workflow';
import { decryptedCredential, readWebhookSecrets } from '../../shared/transport/credential';
import { signingKeys } from '../../shared/transport/signature';

/**
 * With a mistyped secret every callback would be refused, and nobody would notice.
 * @throws NodeOperationError
 */
export async function checkWebhookSecret(context: IHookFunctions): Promise<void> {
	const keys = signingKeys(readWebhookSecrets(await decryptedCredential(context)));
	if (!keys || keys.unusable === 0) return;
	throw new NodeOperationError(
		context.getNode(),
		'The Webhook Secret of the Kling API credential is not valid',
		{
			description:
				'Copy it again from the Kling console, with the whsec_ at its beginning. Separate several with spaces. If the console has no secret, leave the field empty.',
		},
	);
}
