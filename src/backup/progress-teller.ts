import type { MobileBackupEvent, MobileBackupPhase } from '../device/index.ts';
import type { BackupEvent, BackupPhase } from './events.ts';
import { ProgressMeter } from './progress.ts';

/** How often progress is told at most. */
const INTERVAL_MS = 100;
/** How often it is told when nothing moves, so that the rate is seen to fall. */
const IDLE_INTERVAL_MS = 1_000;

const PHASES: Readonly<Record<MobileBackupPhase, BackupPhase>> = {
  handshake: 'connecting',
  waiting: 'preparing',
  preparing: 'preparing',
  receiving: 'receiving',
  moving: 'moving',
  removing: 'removing',
  verifying: 'verifying',
  sending: 'receiving',
  finishing: 'finishing',
};

/** Turns what the conversation with the device tells into progress, told often enough and not more often. */
export class ProgressTeller implements Disposable {
  readonly #meter = new ProgressMeter();
  readonly #tell: (event: BackupEvent) => void;
  readonly #now: () => number;
  readonly #timer: NodeJS.Timeout;
  #sessionPhase: MobileBackupPhase = 'handshake';
  #isAsked = false;
  #toldAtMs = -Infinity;
  #files = 0;
  #bytes = 0;

  constructor(tell: (event: BackupEvent) => void, now: () => number = () => performance.now()) {
    this.#tell = tell;
    this.#now = now;
    this.#timer = setInterval(() => this.#report(), IDLE_INTERVAL_MS);
    this.#timer.unref();
    this.#report();
  }

  get phase(): BackupPhase {
    return this.#meter.phase;
  }

  /** Received from the device so far. */
  get files(): number {
    return this.#files;
  }

  get bytes(): number {
    return this.#bytes;
  }

  enter(phase: BackupPhase): void {
    if (phase === this.#meter.phase) return;
    this.#meter.enter(phase, this.#now());
    this.#report();
  }

  follow(event: MobileBackupEvent): void {
    if (event.kind === 'phase') {
      this.#sessionPhase = event.phase;
      // The response is not the end: what came is still to be checked and kept.
      this.enter(event.phase === 'finishing' ? 'verifying' : PHASES[event.phase]);
      // It may have asked before it was told what for.
      if (this.#isAsked) this.passcode(true);
    } else if (event.kind === 'progress') {
      const nowMs = this.#now();
      this.#files = event.counters.filesReceived;
      this.#bytes = event.counters.bytesReceived;
      this.#meter.update(event.counters, nowMs);
      if (nowMs - this.#toldAtMs >= INTERVAL_MS) this.#report();
    }
  }

  /** The device asks for its passcode, or is done. It also asks at other times, for reasons of its own. */
  passcode(wanted: boolean): void {
    this.#isAsked = wanted;
    if (this.#sessionPhase !== 'waiting') return;
    this.enter(wanted ? 'waiting-for-passcode' : 'preparing');
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #report(): void {
    const nowMs = this.#now();
    this.#toldAtMs = nowMs;
    this.#tell({ event: 'progress', ...this.#meter.report(nowMs) });
  }
}
