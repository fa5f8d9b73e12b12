export function never<Value>(): Promise<Value> {
	return new Promise<Value>(() => undefined);
}

export function delay(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}
