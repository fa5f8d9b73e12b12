/** How to read the answer, the same for every operation that outputs elements. */
export const ELEMENT_ANSWER =
	'In the answer element_id is the id of the element, as text: pass it on digit for digit. status is "succeed", "deleted", "failed" (task_status_msg says why), or "submitted" or "processing" while Kling is still working.';
