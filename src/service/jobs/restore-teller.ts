import type { RestoreCheck, RestoreParts } from '../../contract/index.ts';
import type { RestoreDeviceEvent } from '../restore/restore-device.ts';
import type { RestoreSelectedEvent } from '../restore/restore-selected.ts';
import type { JobHandle } from './job-board.ts';

type Event = RestoreDeviceEvent | RestoreSelectedEvent;
type Told<Name extends Event['event']> = Extract<Event, { event: Name }>;

/** Tells how a restore goes as a job does: where it stands, and in the result what was looked at and what came of it. */
export class RestoreTeller {
  readonly #handle: JobHandle;
  readonly #checks: RestoreCheck[] = [];
  #result: Record<string, unknown>;
  #leftOut = 0;

  constructor(handle: JobHandle, about: { readonly rehearsal: boolean; readonly only?: readonly string[] }) {
    this.#handle = handle;
    this.#result = { ...about };
    this.#tell({ checks: [] });
  }

  take(event: Event): void {
    const handle = this.#handle;
    switch (event.event) {
      case 'check': {
        const { id, outcome, message, hint, code, values } = event;
        this.#checks.push({
          id,
          outcome,
          message,
          ...(hint === undefined ? {} : { hint }),
          code,
          values: { ...values },
        });
        this.#tell({ checks: [...this.#checks] });
        break;
      }
      case 'verifying':
      case 'composing': {
        const { files, bytes, totalBytes } = event;
        const fraction = totalBytes === 0 ? {} : { fraction: Math.min(1, bytes / totalBytes) };
        handle.progress({ phase: event.event, files, bytes, ...fraction });
        break;
      }
      case 'safety-backup':
        this.#followBackup(event.backup);
        break;
      case 'compared-with':
        this.#tell({ comparedWith: { snapshot: event.snapshot, takenAt: event.takenAt.toISOString() } });
        break;
      case 'plan':
        this.#tell({ parts: partsIn(event.plan) });
        break;
      case 'left-out':
        this.#tell({ leftOut: ++this.#leftOut });
        break;
      case 'way-back':
        this.#tell({ wayBack: event.snapshot });
        break;
      case 'progress': {
        const { phase, files, bytes, fraction } = event;
        handle.asksPasscode(phase === 'waiting-for-passcode');
        handle.progress({ phase, files, bytes, ...(fraction === undefined ? {} : { fraction }) });
        break;
      }
      case 'warning':
        handle.warn(event.message);
        break;
      case 'done':
        this.#tell({ files: event.files, bytes: event.bytes, reboots: event.reboots });
        break;
      case 'opened':
      case 'started':
      case 'finding':
      case 'rehearsed':
        break;
    }
  }

  #tell(more: Record<string, unknown>): void {
    this.#result = { ...this.#result, ...more };
    this.#handle.result({ result: this.#result });
  }

  #followBackup(event: Told<'safety-backup'>['backup']): void {
    if (event.event === 'progress') {
      this.#handle.asksPasscode(event.phase === 'waiting-for-passcode');
      const { files, bytes, fraction } = event;
      this.#handle.progress({ phase: 'safety-backup', files, bytes, fraction });
    }
    if (event.event === 'done') this.#handle.result({ snapshot: event.snapshot });
    if (event.event === 'warning') this.#handle.warn(event.message);
  }
}

function partsIn({ parts, skipped, warnings, appsToLoad, removes }: Told<'plan'>['plan']): RestoreParts {
  return {
    exchanged: parts.map(({ id, title, before, after }) => ({ id, title, before, after })),
    stays: skipped.map(({ id, title, why, reason }) => ({ id, title, why, reason })),
    warnings: [...warnings],
    appsToLoad: [...appsToLoad],
    removes,
  };
}
