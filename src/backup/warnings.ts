import type { MobileBackupWarning } from '../device/index.ts';
import type { Logger } from '../shared/logger.ts';
import type { BackupEvent } from './events.ts';

/** More than this many are counted and logged, and not told one by one. */
const MAX_TOLD = 50;

/** Counts what a device could not do, and tells it in sentences. */
export class WarningCounter {
  readonly #tell: (event: BackupEvent) => void;
  readonly #log: Logger;
  #count = 0;

  constructor({ tell, log }: { tell: (event: BackupEvent) => void; log: Logger }) {
    this.#tell = tell;
    this.#log = log;
  }

  get count(): number {
    return this.#count;
  }

  take(warning: MobileBackupWarning): void {
    if (warning.kind === 'remark') {
      this.#log.debug('the device remarks', { text: warning.text });
      return;
    }
    this.#count += 1;
    const message = sentenceFor(warning);
    this.#log.warn(message, { ...warning });
    if (this.#count <= MAX_TOLD) this.#tell({ event: 'warning', message });
  }
}

function sentenceFor(warning: Exclude<MobileBackupWarning, { kind: 'remark' }>): string {
  if (warning.kind === 'unknown-operation') {
    return `The device asked for “${warning.name}”, which this version does not know.`;
  }
  const reason = warning.text === '' ? `its error ${warning.status}` : warning.text;
  return `The device did not send all of ${warning.path}: ${reason}`;
}
