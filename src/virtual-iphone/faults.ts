/**
 * What to do when a point is reached.
 * `disconnect` drop the connection without a word · `stall` fall silent but keep the connection (for `ms`, or for ever) ·
 * `error` answer with this error of the protocol at hand · `behave` whatever the point's owner understands by the name.
 */
export type FaultAction =
  | { readonly kind: 'disconnect' }
  | { readonly kind: 'stall'; readonly ms?: number }
  | { readonly kind: 'error'; readonly code: string | number; readonly text?: string }
  | { readonly kind: 'behave'; readonly as: string };

/** Trouble at a named point: `lockdown:GetValue`, `com.apple.afc:write`, `mobilebackup2:upload`. */
export interface PointFault {
  readonly point: string;
  /** Fires first when the point is reached for the nth time after the fault was added, counted from 1. */
  readonly nth?: number;
  /** How many times it fires from then on; default 1, Infinity for always. */
  readonly times?: number;
  readonly action: FaultAction;
}

/** Trouble with the bytes of a connection, counted as they travel (inside the mux, outside TLS). */
export interface StreamFault {
  /** Service name, or "lockdown". */
  readonly service: string;
  /** As the phone sees it: `in` from the host, `out` to the host, `both` the sum. */
  readonly direction: 'in' | 'out' | 'both';
  readonly afterBytes: number;
  /** `cut` destroys the connection; `stall` stops moving bytes and keeps it open. */
  readonly action: 'cut' | 'stall';
  /** Applies to the nth connection of that service from now on, counted from 1. */
  readonly nth?: number;
  /** Counts the bytes that got through, for tests that measure a conversation before they cut one like it. */
  readonly tally?: ByteTally;
}

export interface ByteTally {
  inBytes: number;
  outBytes: number;
}

interface ArmedPoint {
  readonly fault: PointFault;
  passes: number;
  fired: number;
}

interface ArmedStream {
  readonly fault: StreamFault;
  passes: number;
}

/** The trouble ordered for a phone. Deterministic: the same traffic meets the same faults. */
export class FaultPlan {
  #points: ArmedPoint[] = [];
  #streams: ArmedStream[] = [];
  readonly #refused = new Set<string>();

  at(fault: PointFault): void {
    this.#points.push({ fault, passes: 0, fired: 0 });
  }

  onStream(fault: StreamFault): void {
    this.#streams.push({ fault, passes: 0 });
  }

  /** The port of this service ("lockdown" too) refuses connections until `accept`. */
  refuse(service: string): void {
    this.#refused.add(service);
  }

  accept(service: string): void {
    this.#refused.delete(service);
  }

  clear(): void {
    this.#points = [];
    this.#streams = [];
    this.#refused.clear();
  }

  /** Called by services as they reach a point. The first armed fault that is due wins and is used up. */
  hit(point: string): FaultAction | undefined {
    let due: ArmedPoint | undefined;
    for (const armed of this.#points) {
      if (armed.fault.point !== point) continue;
      armed.passes++;
      if (due === undefined && armed.passes >= (armed.fault.nth ?? 1)) due = armed;
    }
    if (due === undefined) return undefined;
    due.fired++;
    if (due.fired >= (due.fault.times ?? 1)) this.#points = this.#points.filter((armed) => armed !== due);
    return due.fault.action;
  }

  isRefused(service: string): boolean {
    return this.#refused.has(service);
  }

  /** Called once per connection: the fault its bytes will meet, if any. Used up by the connection it applies to. */
  takeStreamFault(service: string): StreamFault | undefined {
    let due: ArmedStream | undefined;
    for (const armed of this.#streams) {
      if (armed.fault.service !== service) continue;
      armed.passes++;
      if (due === undefined && armed.passes >= (armed.fault.nth ?? 1)) due = armed;
    }
    if (due !== undefined) this.#streams = this.#streams.filter((armed) => armed !== due);
    return due?.fault;
  }
}
