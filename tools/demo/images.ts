import { imageSize } from 'image-size';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { outputOf, type Execution, type N8nApi } from '../../test/support/n8n';
import { KLING } from './target';

export interface SavedImage {
	path: string;
	width: number;
	height: number;
	bytes: number;
}

/** Saves what the workflow downloaded, as `<folder>/<task_id>/set-1-view-1.png` and so on. */
export async function saveImages(
	api: N8nApi,
	execution: Execution,
	folder: string,
): Promise<SavedImage[]> {
	const files = outputOf(execution, KLING);
	if (files.length === 0) throw new Error('The workflow downloaded no image');
	const saved: SavedImage[] = [];
	for (const [position, { binary, json }] of files.entries()) {
		const file = binary?.['data'];
		if (file === undefined)
			throw new Error(`Item ${position} has no image: ${String(json['download_error'])}`);
		const bytes = await api.binary(file);
		const { width, height, type } = imageSize(bytes);
		const taskFolder = join(folder, String(json['task_id']));
		const name = `set-${String(json['set'])}-view-${String(json['view'])}`;
		const path = join(taskFolder, `${name}.${type ?? 'bin'}`);
		await mkdir(taskFolder, { recursive: true });
		await writeFile(path, bytes);
		saved.push({ path, width, height, bytes: bytes.length });
	}
	return saved;
}
