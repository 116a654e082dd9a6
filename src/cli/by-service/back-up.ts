/** Backups that the running service makes for a command, told as if the command made them itself. */
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { Job, Overview } from '../../contract/index.ts';
import { normalizeUdid, type BackupEvent, type BackupPhase } from '../../service/index.ts';
import { AppError } from '../../shared/errors.ts';
import { BACKUP_PHASES } from '../output/backup-phases.ts';
import { type LocalService, problemIn } from './local-service.ts';

const POLL_MS = 300;
/** A job that is stopped is over within moments. */
const STOPPING_MS = 15_000;

/** A device as the service sees it now. */
export interface ServedDevice {
  readonly udid: string;
  readonly name: string;
}

/** What happens to one of several devices. */
export interface ServedEvent {
  readonly device: ServedDevice;
  readonly event: BackupEvent | { readonly event: 'failed'; readonly error: AppError };
}

/** The device a person means among those the service reaches. @throws {AppError} DEVICE_NOT_FOUND, DEVICE_AMBIGUOUS */
export async function servedDevice(service: LocalService, wanted: string | undefined): Promise<ServedDevice> {
  const reached = await reachedDevices(service);
  const udid = wanted === undefined ? undefined : normalizeUdid(wanted);
  const matches = reached.filter((each) => wanted === undefined || each.udid === udid || each.name === wanted);
  const [device, another] = matches;
  if (device === undefined) {
    const message = wanted === undefined ? 'no device is there' : `no device that is there is called “${wanted}”`;
    throw new AppError('DEVICE_NOT_FOUND', `${message}, says the service`, {
      hint: reached.length === 0 ? 'Connect one with a cable and unlock it.' : `There is: ${namesOf(reached)}.`,
    });
  }
  if (another === undefined) return device;
  throw new AppError('DEVICE_AMBIGUOUS', `${matches.length} devices match`, {
    hint: `Name one of them by its UDID: ${namesOf(matches)}.`,
  });
}

/** Those that are there and accept this computer. */
export async function reachedDevices(service: LocalService): Promise<ServedDevice[]> {
  const { devices } = Overview.parse(await service.ask('GET', '/overview'));
  return devices.flatMap(({ udid, name, link, trusted }) => (link === undefined || !trusted ? [] : [{ udid, name }]));
}

function namesOf(devices: readonly ServedDevice[]): string {
  return devices.map(({ udid, name }) => `${udid} (${name})`).join(', ');
}

/**
 * Has the service back devices up, and tells how it goes. Leaving early, or `signal`, stops them.
 *
 * @throws {AppError} CANCELLED; CONNECTION_LOST when the service ends. What a device fails with is an event.
 */
export async function* backUpByService(
  service: LocalService,
  devices: readonly ServedDevice[],
  { full, signal }: { readonly full: boolean; readonly signal: AbortSignal },
): AsyncGenerator<ServedEvent, void> {
  const followed: Followed[] = [];
  try {
    for (const device of devices) {
      const begun = await begin(service, device, full);
      if (begun instanceof AppError) yield { device, event: { event: 'failed', error: begun } };
      else {
        followed.push(new Followed(device, begun.id));
        yield { device, event: { event: 'started', udid: device.udid, name: device.name, resumed: false } };
      }
    }
    while (followed.some(({ isOver }) => !isOver)) {
      await setTimeout(POLL_MS, undefined, { signal });
      for (const each of followed) {
        if (each.isOver) continue;
        const job = Job.parse(await service.ask('GET', `/jobs/${each.id}`));
        for (const event of each.take(job)) yield { device: each.device, event };
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    throw signal.reason;
  } finally {
    for (const each of followed.filter(({ isOver }) => !isOver)) await stop(service, each).catch(ifGone);
  }
}

async function begin(service: LocalService, { udid }: ServedDevice, full: boolean): Promise<Job | AppError> {
  try {
    return Job.parse(await service.ask('POST', `/devices/${udid}/backup`, { full }));
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

/** What has arrived is kept in order before it is over. */
async function stop(service: LocalService, followed: Followed): Promise<void> {
  await service.ask('DELETE', `/jobs/${followed.id}`);
  for (let left = STOPPING_MS / POLL_MS; left > 0; left--) {
    const { state } = Job.parse(await service.ask('GET', `/jobs/${followed.id}`));
    if (state !== 'waiting' && state !== 'running') return;
    await setTimeout(POLL_MS);
  }
}

/** A service that ended meanwhile has stopped them itself. */
function ifGone(error: unknown): void {
  if (!(error instanceof AppError)) throw error;
}

/** What `done` says beyond the job itself. */
const Result = z.object({
  files: z.number(),
  bytes: z.number(),
  newBytes: z.number(),
  full: z.boolean(),
  encrypted: z.boolean(),
  seconds: z.number(),
});

/** One job, and what was told of it. */
class Followed {
  readonly device: ServedDevice;
  readonly id: string;
  isOver = false;
  #warnings = 0;

  constructor(device: ServedDevice, id: string) {
    this.device = device;
    this.id = id;
  }

  *take(job: Job): Generator<ServedEvent['event'], void> {
    for (const message of job.warnings.slice(this.#warnings)) yield { event: 'warning', message };
    this.#warnings = job.warnings.length;
    const { progress } = job;
    if (progress !== undefined && isPhase(progress.phase)) {
      const { phase, files = 0, bytes = 0, bytesPerSecond = 0, fraction = 0, secondsLeft } = progress;
      const left = secondsLeft === undefined ? {} : { secondsLeft };
      yield { event: 'progress', phase, files, bytes, bytesPerSecond, fraction, ...left };
    }
    if (job.state === 'waiting' || job.state === 'running') return;
    this.isOver = true;
    const { success, data } = Result.safeParse(job.result);
    if (job.state === 'done' && job.snapshot !== undefined && success) {
      yield { event: 'done', snapshot: job.snapshot, udid: this.device.udid, ...data };
    } else {
      const { code, message, hint } = problemIn(job.problem);
      yield { event: 'failed', error: new AppError(code, message, hint === undefined ? {} : { hint }) };
    }
  }
}

function isPhase(phase: string): phase is BackupPhase {
  return Object.hasOwn(BACKUP_PHASES, phase);
}
