import { FileLocation, type BinaryDataService } from 'n8n-core';
import type { IBinaryData } from 'n8n-workflow';

export interface BinaryFile {
	content: Buffer;
	fileName?: string;
	mimeType?: string;
}

/** As an earlier node of the same execution would have stored it. */
export async function storeBinary(
	service: BinaryDataService,
	{ content, fileName = 'image.png', mimeType = 'image/png' }: BinaryFile,
): Promise<IBinaryData> {
	const fileExtension = fileName.split('.').at(-1) ?? '';
	const location = FileLocation.ofExecution('workflow-1', 'temp');
	return await service.store(location, content, { data: '', fileName, mimeType, fileExtension });
}
