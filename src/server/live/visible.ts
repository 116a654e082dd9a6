/** What each gets to see of the whole: a principal's devices, and health without content for administrators. */
import { because, type Job, type LiveEvent, type Overview, type Status, type Verdict } from '../../contract/index.ts';
import type { Principal } from '../principal.ts';

export function seesDevice(principal: Principal, udid: string): boolean {
  return principal.isAdministrator || principal.owns(udid);
}

/** What a job is about decides who sees it; work on the whole vault is for administrators. */
function seesJob(principal: Principal, job: Pick<Job, 'udid' | 'kind'>): boolean {
  if (job.udid === undefined) return principal.isAdministrator;
  // What is taken out names content.
  return job.kind === 'take-out' ? principal.owns(job.udid) : seesDevice(principal, job.udid);
}

/**
 * A job as somebody gets to see it; undefined where they do not. Which parts of a version came back, and how many
 * messages that are, is for the owner: others see that a restore runs and how far it is.
 */
export function visibleJob(principal: Principal, job: Job): Job | undefined {
  if (!seesJob(principal, job)) return undefined;
  if (job.udid === undefined || job.result?.['only'] === undefined) return job;
  if (principal.owns(job.udid) && principal.allows('content')) return job;
  const { result: _, problem, ...rest } = job;
  const message = 'the parts were not restored';
  return { ...rest, warnings: [], ...(problem && { problem: { code: problem.code, message } }) };
}

/** Of the machine itself, administrators are told. */
export function seesAlarm(principal: Principal, { udid }: { readonly udid?: string | undefined }): boolean {
  return udid === undefined ? principal.isAdministrator : seesDevice(principal, udid);
}

export function visibleEvent(principal: Principal, event: LiveEvent): LiveEvent | undefined {
  if (event.event === 'changed') return event;
  if (event.event === 'job') {
    const job = visibleJob(principal, event.job);
    return job && { event: 'job', job };
  }
  return seesDevice(principal, event.event === 'device' ? event.device.udid : event.udid) ? event : undefined;
}

const WORST_FIRST: readonly Verdict[] = ['at-risk', 'attention', 'unknown', 'safe'];

/** As `visibleOverview`. */
export function visibleStatus(principal: Principal, status: Status): Status {
  if (principal.isAdministrator) return status;
  const devices = status.devices.filter((device) => principal.owns(device.udid));
  const verdict = WORST_FIRST.find((each) => devices.some((device) => device.verdict === each)) ?? 'unknown';
  const count = devices.filter((device) => device.verdict === verdict).length;
  const summary = devices.length === 0 ? because('status-empty', {}) : because(`status-${verdict}`, { devices: count });
  return { ...status, devices, verdict, summary: status.vault.problem ?? summary };
}

/** For an owner the verdict is that of their devices: others' troubles are not told. */
export function visibleOverview(principal: Principal, overview: Overview): Overview {
  if (principal.isAdministrator) return overview;
  const devices = overview.devices.filter((device) => principal.owns(device.udid));
  const verdicts = devices.map((device) => device.verdict);
  return {
    ...overview,
    devices,
    verdict: WORST_FIRST.find((verdict) => verdicts.includes(verdict)) ?? 'unknown',
    alarms: overview.alarms.filter((alarm) => seesAlarm(principal, alarm)),
  };
}
