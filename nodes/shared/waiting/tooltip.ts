/**
 * What the canvas says of a paused node. n8n evaluates it in the browser, where only the parameters are known: not
 * when the pause began, so that it tells how long the pause may be. The numbers are the fields' defaults.
 */
export const waitingNodeTooltip = `={{ $parameter["waitMode"] === "callback"
	? "Waiting for Kling's callback, for at most " + ($parameter["options"]?.["timeout"] ?? 900) + " seconds"
	: "Paused for " + ($parameter["options"]?.["timerInterval"] ?? 65) + " seconds, until the next check" }}`;
