import { bundlePackage } from './shipped';
import { runWorld } from './runWorld';
import { installSteadyCrypto } from './time/steadyChance';
import { realTime } from './time/virtualTime';
import type { Plan } from './world/plan';
const plan: Plan = { seed: 1, items: [{image:1},{image:2},{image:3}], node: { onError:'stopWorkflow', wait:'poll', downloadImages:false, output:'task', timeoutS:60, pollIntervalS:5,maxConcurrent:5,capacityTimeoutS:30,ifExternalIdExists:'reuse',reuseTaskOnRetry:true,onFailedTask:'error',onTimeout:'error',authentication:'apiKey',plainSleep:false},
 kling:{switches:{},slots:0,durationS:[5,10],failing:[],foreign:[],latencyMs:30}, faults:[], clock:{offsetMs:0}, callbacks:{delaysMs:[500],unfinished:false,process:0}, executions:[{startMs:0,after:'start',process:0,kind:'workflow'}]};
void (async()=>{
 installSteadyCrypto();
 const load = await bundlePackage();
 for (const node of [{}, {authentication:'accessKey' as const}, {wait:'callback' as const, timeoutS:100}, {downloadImages:true, output:'images' as const}]) {
  const p = {...plan, node:{...plan.node, ...node}};
  const r = await runWorld(load, p);
  console.log(JSON.stringify({node, end:r.end, took:r.tookMs, calls:r.calls.length, charges:r.charges.length, st:r.executions.map(e=>[e.status,e.error,e.outputs[0]?.main.length, e.outputs[0]?.main[0]?.json]), un:r.unhandled, tl:r.timersLeft, res:r.resumes}));
  const t=realTime(); for(let i=0;i<400;i++) await runWorld(load,p); console.log('ms per world',(realTime()-t)/300);
 }
})();
