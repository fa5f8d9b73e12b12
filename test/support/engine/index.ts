/**
 * n8n-core's real engine in the test's process: nothing of ours or of n8n-core's is mocked.
 *
 *     const engine = await startEngine({ nodeTypes: 'source', credentials: { klingApi: { … } } });
 *     const run = await engine.runNode({ parameters: { operation: 'get', taskId: '1' }, items: [{ json: {} }] });
 *     expect(run.error).toBeUndefined();
 *     expect(run.items[0]?.json.task_status).toBe('succeed');
 *     expect(engine.logs.text()).not.toContain(secretKey);
 *     engine.stop();
 *
 * Stop:    `const run = engine.runNode(…); run.cancel(); expect((await run).stopLatencyMs).toBeLessThan(1000);`
 * Pause:   `const paused = await engine.runNode(…); paused.waitTill; await engine.resumeByTimer(paused);`
 *          or, when Kling calls the resume URL that the node gave it, `await engine.nextRun(paused)`.
 * Trigger: `await engine.callWebhook({ json: {…} })`, or `const { url, outcomes } = engine.listen()` with
 *          `url` given to Kling as the callback URL.
 * Files:   `items: [{ json: {}, binary: { data: await engine.binary({ content: buffer }) } }]`
 */
export { startEngine, type Engine } from './engine';
export type { CredentialData } from './credentials';
export type { WebhookReply } from './http-call';
export type { LogEntry, RecordingLogger } from './logs';
export type { EngineOptions, NodeRunOptions, WorkflowRunOptions } from './options';
export type { PackageTypes } from './package-types';
export type { NodeFailure, NodeRun, Run, RunInProgress } from './run';
export type { TriggerListener, TriggerOptions } from './triggers';
export type { WebhookOutcome } from './webhook-call';
export type { WorkflowNode, WorkflowPlan } from './workflow';
