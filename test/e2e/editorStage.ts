import { openEditor, type Editor } from './editor';
import { useStage, type Stage } from './stage';

export interface EditorStage {
	stage: Stage;
	editor: Editor;
}

/** A stage and n8n's editor in a browser, for the tests of one file. They are there once the tests run. */
export function useEditorStage(): EditorStage {
	const stage = useStage(async () => await given.editor.close());
	const given = { stage } as EditorStage;
	beforeAll(async () => {
		given.editor = await openEditor();
	}, 180_000);
	return given;
}
