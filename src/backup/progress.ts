/**
 * How far a backup is. The device's own percentage jumps about: it stays at 0 while the device scans, leaps between
 * phases and goes back. What is shown here only ever goes forward, and is never complete before the snapshot is.
 *
 * Pure: the time is handed in.
 */
import type { BackupPhase, BackupProgress } from './events.ts';
import { RateMeter } from './rate-meter.ts';

/** What is known about the transfer at one moment. */
export interface TransferState {
  readonly filesReceived: number;
  readonly bytesReceived: number;
  /** 0 to 100, and how often the device has told it. */
  readonly devicePercent: number;
  readonly deviceReports: number;
  /** What the batch under way amounts to. */
  readonly batchBytes: number;
}

/** Where each phase begins, as a part of the whole, and what it spans. Nearly all the time goes into receiving. */
const SPANS: Readonly<Record<BackupPhase, readonly [from: number, to: number]>> = {
  connecting: [0, 0],
  'waiting-for-passcode': [0, 0],
  preparing: [0.01, 0.01],
  receiving: [0.02, 0.92],
  moving: [0.93, 0.93],
  removing: [0.95, 0.95],
  verifying: [0.96, 0.96],
  finishing: [0.98, 0.98],
};

const TIDYING: ReadonlySet<BackupPhase> = new Set<BackupPhase>(['moving', 'removing', 'verifying']);

/** Before this much has been received in this time, what is left would be guesswork. */
const MIN_FRACTION_FOR_ESTIMATE = 0.02;
const MIN_MS_FOR_ESTIMATE = 3_000;

export class ProgressMeter {
  #phase: BackupPhase = 'connecting';
  #fraction = 0;
  #state: TransferState = { filesReceived: 0, bytesReceived: 0, devicePercent: 0, deviceReports: 0, batchBytes: 0 };
  readonly #percent = new PercentFilter();
  readonly #rate = new RateMeter();
  #receivingSince: { readonly atMs: number; readonly fraction: number } | undefined;

  get phase(): BackupPhase {
    return this.#phase;
  }

  enter(phase: BackupPhase, nowMs: number): void {
    this.#phase = phase;
    this.#advance();
    if (phase === 'receiving') this.#receivingSince ??= { atMs: nowMs, fraction: this.#fraction };
  }

  /** Takes in where the transfer stands. `state` is copied. */
  update(state: TransferState, nowMs: number): void {
    const { filesReceived, bytesReceived, devicePercent, deviceReports, batchBytes } = state;
    this.#state = { filesReceived, bytesReceived, devicePercent, deviceReports, batchBytes };
    this.#percent.take(this.#state);
    this.#rate.take(this.#state.bytesReceived, nowMs);
    this.#advance();
  }

  report(nowMs: number): BackupProgress {
    this.#rate.take(this.#state.bytesReceived, nowMs);
    const secondsLeft = this.#secondsLeft(nowMs);
    return {
      phase: this.#phase,
      files: this.#state.filesReceived,
      bytes: this.#state.bytesReceived,
      bytesPerSecond: this.#rate.bytesPerSecond,
      ...(secondsLeft === undefined ? {} : { secondsLeft }),
      fraction: this.#fraction,
    };
  }

  #advance(): void {
    // A device clears an older attempt away before it sends the first file: that is the beginning, not the end.
    if (this.#receivingSince === undefined && TIDYING.has(this.#phase)) return;
    const [from, to] = SPANS[this.#phase];
    this.#fraction = Math.max(this.#fraction, from + ((to - from) * this.#percent.value) / 100);
  }

  #secondsLeft(nowMs: number): number | undefined {
    const since = this.#receivingSince;
    if (since === undefined || this.#phase !== 'receiving') return undefined;
    const done = this.#fraction - since.fraction;
    const elapsedMs = nowMs - since.atMs;
    if (done < MIN_FRACTION_FOR_ESTIMATE || elapsedMs < MIN_MS_FOR_ESTIMATE) return undefined;
    return Math.round((elapsedMs * (1 - this.#fraction)) / done / 1000);
  }
}

/**
 * Makes something steady of the device's percentage. A leap counts only when the report after it does not take it
 * back; between two reports, the bytes of the batch under way move it on.
 */
class PercentFilter {
  #reports = 0;
  #latest = 0;
  #confirmed = 0;
  #bytesAtReport = 0;
  /** Percent per byte so far. */
  #pace = 0;
  value = 0;

  take({ devicePercent, deviceReports, bytesReceived, batchBytes }: TransferState): void {
    if (deviceReports > this.#reports) {
      this.#confirmed = Math.max(this.#confirmed, Math.min(this.#latest, devicePercent));
      this.#latest = devicePercent;
      this.#reports = deviceReports;
      this.#bytesAtReport = bytesReceived;
      if (bytesReceived > 0) this.#pace = this.#confirmed / bytesReceived;
    }
    const inBatch = Math.min(bytesReceived - this.#bytesAtReport, batchBytes);
    this.value = Math.max(this.value, Math.min(100, this.#confirmed + inBatch * this.#pace));
  }
}
