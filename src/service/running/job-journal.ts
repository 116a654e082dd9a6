import { join } from 'node:path';
import { z } from 'zod';
import { type Job, JobKind } from '../../contract/index.ts';
import type { Logger } from '../../shared/logger.ts';
import { appendTry, type Try } from '../history/tries.ts';
import { isActive } from '../jobs/job-board.ts';
import { StateJson } from '../../shared/files/state-json.ts';

const Entry = z.object({
  id: z.string(),
  kind: JobKind,
  udid: z.string().optional(),
  automatic: z.boolean(),
  startedAt: z.iso.datetime(),
  asked: z.boolean().default(false),
});
export type JournalEntry = z.infer<typeof Entry>;

const INTERRUPTED = 'The service was ended in the middle of it.';
const GOES_ON = 'Nothing that was safe is lost; the next try goes on from where it stopped.';

/** The jobs that run, on disk: what is still there when the service starts was cut off. */
export class JobJournal {
  readonly #file: StateJson<JournalEntry[]>;
  readonly #stateDir: string;

  constructor(stateDir: string, logger: Logger) {
    this.#stateDir = stateDir;
    this.#file = new StateJson(join(stateDir, 'service', 'running.json'), z.array(Entry), [], logger);
  }

  /** Notes that a job runs, that its device asks for the passcode, or that it is over. */
  follow(job: Job): void {
    const before = this.#file.value;
    const known = before.find(({ id }) => id === job.id);
    if (!isActive(job)) {
      if (known !== undefined) this.#file.set(before.filter(({ id }) => id !== job.id));
      return;
    }
    if (job.state !== 'running' || (known !== undefined && (known.asked || !job.asksPasscode))) return;
    const { id, kind, udid, automatic, startedAt, asksPasscode: asked } = job;
    const entry = { id, kind, automatic, startedAt, asked, ...(udid === undefined ? {} : { udid }) };
    this.#file.set([...before.filter((each) => each.id !== id), entry]);
  }

  /**
   * What was running when the service died. It is put into the histories of the devices, and told once.
   *
   * @throws {AppError} STORAGE_FAILED, OUT_OF_SPACE
   */
  async takeInterrupted(now: Date): Promise<readonly JournalEntry[]> {
    const interrupted = this.#file.value;
    for (const entry of interrupted) await this.#record(entry, now);
    this.#file.set([]);
    return interrupted;
  }

  async #record({ kind, udid, automatic, startedAt, asked }: JournalEntry, now: Date): Promise<void> {
    if (udid === undefined || !isRecorded(kind)) return;
    const entry: Try = {
      at: now,
      kind,
      outcome: 'interrupted',
      sentence: INTERRUPTED,
      startedAt: new Date(startedAt),
      ...(kind === 'backup' ? { hint: GOES_ON } : {}),
      ...(automatic ? { automatic } : {}),
      ...(asked ? { asked } : {}),
    };
    await appendTry(this.#stateDir, udid, entry);
  }
}

function isRecorded(kind: Job['kind']): kind is Try['kind'] {
  return kind === 'backup' || kind === 'restore' || kind === 'encryption' || kind === 'verify';
}
