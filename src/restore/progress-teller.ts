import type { MobileBackupEvent, MobileBackupPhase } from '../device/index.ts';
import type { RestoreAmount } from './amount.ts';
import type { RestoreEvent, RestorePhase } from './events.ts';
import { RestoreMeter } from './progress.ts';

/** How often progress is told at most. */
const INTERVAL_MS = 100;
/** How often it is told when nothing moves, so that the rate is seen to fall. */
const IDLE_INTERVAL_MS = 1_000;

const PHASES: Readonly<Record<MobileBackupPhase, RestorePhase>> = {
  handshake: 'connecting',
  waiting: 'preparing',
  preparing: 'preparing',
  sending: 'sending',
  // A device that restores sends nothing, but may be of another opinion.
  receiving: 'preparing',
  moving: 'preparing',
  removing: 'preparing',
  verifying: 'preparing',
  finishing: 'finishing',
};

/** Turns what the conversation with the device tells into progress, told often enough and not more often. */
export class ProgressTeller implements Disposable {
  readonly #meter: RestoreMeter;
  readonly #total: RestoreAmount;
  readonly #tell: (event: RestoreEvent) => void;
  readonly #now: () => number;
  readonly #timer: NodeJS.Timeout;
  #sessionPhase: MobileBackupPhase = 'handshake';
  #isAsked = false;
  #toldAtMs = -Infinity;

  constructor(total: RestoreAmount, tell: (event: RestoreEvent) => void, now = (): number => performance.now()) {
    this.#meter = new RestoreMeter(total);
    this.#total = total;
    this.#tell = tell;
    this.#now = now;
    this.#timer = setInterval(() => this.#report(), IDLE_INTERVAL_MS);
    this.#timer.unref();
    this.#report();
  }

  get phase(): RestorePhase {
    return this.#meter.phase;
  }

  /** Given to the device so far. */
  get files(): number {
    return this.#meter.sent.filesSent;
  }

  get bytes(): number {
    return this.#meter.sent.bytesSent;
  }

  follow(event: MobileBackupEvent): void {
    if (event.kind === 'phase') {
      this.#sessionPhase = event.phase;
      this.#enter(PHASES[event.phase]);
      // It may have asked before it was told what for.
      if (this.#isAsked) this.passcode(true);
    } else if (event.kind === 'progress') {
      const nowMs = this.#now();
      this.#meter.update(event.counters, nowMs);
      // It does not say when it begins to put things in place: it just asks for nothing more.
      if (this.#sessionPhase === 'sending' && this.files >= this.#total.files) this.#enter('applying');
      if (nowMs - this.#toldAtMs >= INTERVAL_MS) this.#report();
    }
  }

  /** The device asks for its passcode, or is done. It also asks at other times, for reasons of its own. */
  passcode(wanted: boolean): void {
    this.#isAsked = wanted;
    if (this.#sessionPhase !== 'waiting') return;
    this.#enter(wanted ? 'waiting-for-passcode' : 'preparing');
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #enter(phase: RestorePhase): void {
    if (phase === this.#meter.phase) return;
    this.#meter.enter(phase, this.#now());
    this.#report();
  }

  #report(): void {
    const nowMs = this.#now();
    this.#toldAtMs = nowMs;
    this.#tell({ event: 'progress', ...this.#meter.report(nowMs) });
  }
}
