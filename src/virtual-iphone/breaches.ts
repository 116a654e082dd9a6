/** One thing a host did that an iPhone's protocols do not allow. */
export interface Breach {
  /** Stable name, `service.rule`: "lockdown.frame-length", "mobilebackup2.status-response". */
  readonly rule: string;
  /** What was seen, in words. */
  readonly detail: string;
}

/** How many are kept: a host that errs in a loop must not fill the memory. */
const MAX_KEPT = 1000;

/**
 * The list of what the host did wrong. Reporting never stops the host: what an iPhone would do (answer with an error,
 * hang up) is up to the service that noticed.
 */
export class BreachLog {
  readonly #kept: Breach[] = [];
  readonly #listener: ((breach: Breach) => void) | undefined;

  constructor(listener?: (breach: Breach) => void) {
    this.#listener = listener;
  }

  report(rule: string, detail: string): void {
    const breach = { rule, detail };
    if (this.#kept.length < MAX_KEPT) this.#kept.push(breach);
    this.#listener?.(breach);
  }

  /** Everything reported since the phone started or the list was cleared, oldest first. */
  list(): readonly Breach[] {
    return [...this.#kept];
  }

  clear(): void {
    this.#kept.length = 0;
  }
}
