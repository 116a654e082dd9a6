import { join } from 'node:path';
import { z } from 'zod';
import type { Logger } from '../../../shared/logger.ts';
import { StateJson } from '../../../shared/files/state-json.ts';

const time = z.iso.datetime();

const Remembered = z.object({
  /** When the device was first known. */
  knownSince: time.optional(),
  /** When somebody was last told that it is going to ask for its passcode. */
  announcedAt: time.optional(),
});
type Remembered = z.infer<typeof Remembered>;

const File = z.record(z.string(), Remembered);
type File = z.infer<typeof File>;

/** What the service remembers of devices between its runs. */
export class DeviceMemory {
  readonly #file: StateJson<File>;

  constructor(stateDir: string, logger: Logger) {
    this.#file = new StateJson(join(stateDir, 'service', 'devices.json'), File, {}, logger);
  }

  knownSince(udid: string): Date | undefined {
    return dateOf(this.#of(udid).knownSince);
  }

  announcedAt(udid: string): Date | undefined {
    return dateOf(this.#of(udid).announcedAt);
  }

  /** The first time counts. */
  noteKnown(udid: string, at: Date): void {
    if (this.#of(udid).knownSince === undefined) this.#change(udid, { knownSince: at.toISOString() });
  }

  noteAnnounced(udid: string, at: Date): void {
    this.#change(udid, { announcedAt: at.toISOString() });
  }

  #of(udid: string): Remembered {
    const all = this.#file.value;
    return (Object.hasOwn(all, udid) ? all[udid] : undefined) ?? {};
  }

  #change(udid: string, news: Remembered): void {
    this.#file.set({ ...this.#file.value, [udid]: { ...this.#of(udid), ...news } });
  }
}

function dateOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}
