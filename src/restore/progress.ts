/**
 * How far a restore is, by what was sent and what the backup's manifest says there is. The device's own percentage is
 * not needed for that. What is shown only ever goes forward, and is never complete before the device has said so.
 *
 * Pure: the time is handed in.
 */
import { RateMeter } from '../backup/index.ts';
import type { RestorePhase, RestoreProgress } from './events.ts';

/** Where each phase begins, as a part of the whole, and where it ends. Nearly all the time goes into sending. */
const SPANS: Readonly<Record<RestorePhase, readonly [from: number, to: number]>> = {
  connecting: [0, 0],
  'waiting-for-passcode': [0, 0],
  preparing: [0.01, 0.01],
  sending: [0.02, 0.96],
  applying: [0.97, 0.97],
  finishing: [0.99, 0.99],
};
/** Before this much has been sent in this time, what is left would be guesswork. */
const MIN_FRACTION_FOR_ESTIMATE = 0.02;
const MIN_MS_FOR_ESTIMATE = 3_000;

interface Sent {
  readonly filesSent: number;
  readonly bytesSent: number;
}

export class RestoreMeter {
  readonly #total: { readonly files: number; readonly bytes: number };
  readonly #rate = new RateMeter();
  #phase: RestorePhase = 'connecting';
  #sent: Sent = { filesSent: 0, bytesSent: 0 };
  #fraction = 0;
  #sendingSince: { readonly atMs: number; readonly bytes: number } | undefined;

  constructor(total: { readonly files: number; readonly bytes: number }) {
    this.#total = { files: total.files, bytes: total.bytes };
  }

  get phase(): RestorePhase {
    return this.#phase;
  }

  get sent(): Sent {
    return this.#sent;
  }

  enter(phase: RestorePhase, nowMs: number): void {
    this.#phase = phase;
    if (phase === 'sending') this.#sendingSince ??= { atMs: nowMs, bytes: this.#sent.bytesSent };
    this.#advance();
  }

  /** Takes in where the transfer stands. `sent` is copied. */
  update({ filesSent, bytesSent }: Sent, nowMs: number): void {
    this.#sent = { filesSent, bytesSent };
    this.#rate.take(bytesSent, nowMs);
    this.#advance();
  }

  report(nowMs: number): RestoreProgress {
    this.#rate.take(this.#sent.bytesSent, nowMs);
    const secondsLeft = this.#secondsLeft(nowMs);
    return {
      phase: this.#phase,
      files: this.#sent.filesSent,
      totalFiles: Math.max(this.#total.files, this.#sent.filesSent),
      bytes: this.#sent.bytesSent,
      totalBytes: Math.max(this.#total.bytes, this.#sent.bytesSent),
      bytesPerSecond: this.#rate.bytesPerSecond,
      ...(secondsLeft === undefined ? {} : { secondsLeft }),
      fraction: this.#fraction,
    };
  }

  /** What was sent of what there is. A device that asks for something twice does not make it more than all. */
  get #share(): number {
    const { files, bytes } = this.#total;
    if (bytes > 0) return Math.min(1, this.#sent.bytesSent / bytes);
    return files > 0 ? Math.min(1, this.#sent.filesSent / files) : 0;
  }

  #advance(): void {
    const [from, to] = SPANS[this.#phase];
    this.#fraction = Math.max(this.#fraction, from + (to - from) * this.#share);
  }

  #secondsLeft(nowMs: number): number | undefined {
    const since = this.#sendingSince;
    if (since === undefined || this.#phase !== 'sending') return undefined;
    const doneBytes = this.#sent.bytesSent - since.bytes;
    const elapsedMs = nowMs - since.atMs;
    if (this.#share < MIN_FRACTION_FOR_ESTIMATE || elapsedMs < MIN_MS_FOR_ESTIMATE || doneBytes <= 0) return undefined;
    const leftBytes = Math.max(0, this.#total.bytes - this.#sent.bytesSent);
    return Math.round((elapsedMs * leftBytes) / doneBytes / 1000);
  }
}
