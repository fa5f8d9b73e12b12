import { openEditor, type Editor } from './editor';
import { openStage, type Stage } from './stage';

export interface EditorStage {
	stage: Stage;
	editor: Editor;
}

/** A stage and n8n's editor in a browser, for the tests of one file. They are there once the tests run. */
export function useEditorStage(): EditorStage {
	const given = {} as EditorStage;
	beforeAll(async () => {
		given.stage = await openStage();
		given.editor = await openEditor();
	}, 180_000);
	afterAll(async () => {
		await given.editor.close();
		await given.stage.close();
	});
	return given;
}
