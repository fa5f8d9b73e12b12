/** Kling's ids can have more digits than a JavaScript number holds. In JSON a quote inside text is escaped, so this matches keys alone. */
const NUMERIC_ID = /(?<!\\)"((?:element|task)_id)"(\s*:\s*)(-?(?:0|[1-9]\d*))(?=\s*[,}\]])/g;

/** Parses JSON and keeps `element_id` and `task_id` as text, digit for digit. @returns undefined for anything but JSON */
export function parseWithIds(text: string): unknown {
	try {
		return JSON.parse(text.replace(NUMERIC_ID, '"$1"$2"$3"'));
	} catch {
		return undefined;
	}
}
