import type { TextSink } from './output.ts';

const REDRAW_INTERVAL_MS = 100;
/** In a pipe or a log a line now and then is enough. */
const PLAIN_INTERVAL_MS = 10_000;
const BAR_WIDTH = 24;

export interface ProgressState {
  /** What is being done, in words. A change of it always shows. */
  readonly phase: string;
  /** 0 to 1; left out while it cannot be known. */
  readonly fraction?: number | undefined;
  /** What follows the bar: counts, rate, time left. */
  readonly facts?: string | undefined;
}

/** Shows how far a long job is: a bar that redraws itself on a terminal, a line now and then elsewhere. */
export class ProgressLine {
  readonly #sink: TextSink | undefined;
  #lastPhase = '';
  #lastShownMs = -Infinity;
  #drawn = false;

  constructor(sink: TextSink | undefined) {
    this.#sink = sink;
  }

  show(state: ProgressState): void {
    const sink = this.#sink;
    if (sink === undefined) return;
    const nowMs = performance.now();
    const interval = sink.isTTY ? REDRAW_INTERVAL_MS : PLAIN_INTERVAL_MS;
    if (state.phase === this.#lastPhase && nowMs - this.#lastShownMs < interval) return;
    this.#lastPhase = state.phase;
    this.#lastShownMs = nowMs;
    if (!sink.isTTY) sink.write(`${plainLine(state)}\n`);
    else {
      sink.write(`\r\u001b[2K${barLine(state).slice(0, (sink.columns ?? 80) - 1)}`);
      this.#drawn = true;
    }
  }

  /** Clears the moving line, so that what follows starts on a clean one. */
  end(): void {
    if (this.#drawn) this.#sink?.write('\r\u001b[2K');
    this.#drawn = false;
  }
}

function barLine({ phase, fraction, facts }: ProgressState): string {
  if (fraction === undefined) return [phase, facts].filter(Boolean).join('  ');
  const full = Math.round(fraction * BAR_WIDTH);
  const bar = `${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)}`;
  return [phase, bar, percent(fraction), facts].filter(Boolean).join('  ');
}

function plainLine({ phase, fraction, facts }: ProgressState): string {
  return [phase, fraction === undefined ? '' : percent(fraction), facts].filter(Boolean).join('  ');
}

const percent = (fraction: number): string => `${Math.floor(fraction * 100)} %`;
