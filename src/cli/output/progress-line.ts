import { printable } from './format.ts';
import type { TextSink } from './output.ts';
import { displayWidth } from './table.ts';

const REDRAW_INTERVAL_MS = 100;
/** In a pipe or a log a line now and then is enough. */
const PLAIN_INTERVAL_MS = 10_000;
const BAR_WIDTH = 24;
/** A shorter bar says less than the space it takes. */
const MIN_BAR_WIDTH = 8;

export interface ProgressState {
  /** What is being done, in words. A change of it always shows. */
  readonly phase: string;
  /** 0 to 1; left out while it cannot be known. */
  readonly fraction?: number | undefined;
  /** What follows the bar, the most important first: a narrow terminal shows as many as fit. */
  readonly facts?: readonly string[] | undefined;
}

/** Shows how far a long job is: a bar that redraws itself on a terminal, a line now and then elsewhere. */
export class ProgressLine {
  readonly #sink: TextSink | undefined;
  readonly #nowMs: () => number;
  #lastPhase = '';
  #lastText = '';
  #lastShownMs = -Infinity;
  #drawn = false;

  /** @param nowMs a clock that only goes forward. */
  constructor(sink: TextSink | undefined, nowMs = (): number => performance.now()) {
    this.#sink = sink;
    this.#nowMs = nowMs;
  }

  show(state: ProgressState): void {
    const sink = this.#sink;
    if (sink === undefined) return;
    const nowMs = this.#nowMs();
    const interval = sink.isTTY ? REDRAW_INTERVAL_MS : PLAIN_INTERVAL_MS;
    if (state.phase === this.#lastPhase && nowMs - this.#lastShownMs < interval) return;
    this.#lastPhase = state.phase;
    this.#lastShownMs = nowMs;
    if (sink.isTTY) {
      sink.write(`\r\u001b[2K${printable(barLine(state, (sink.columns ?? 80) - 1))}`);
      this.#drawn = true;
      return;
    }
    // A log gains nothing from being told the same twice.
    const text = printable(plainLine(state));
    if (text !== this.#lastText) sink.write(`${text}\n`);
    this.#lastText = text;
  }

  /** Clears the moving line, so that what follows starts on a clean one. */
  end(): void {
    if (this.#drawn) this.#sink?.write('\r\u001b[2K');
    this.#drawn = false;
  }
}

/** The phase always, then the percentage, then as many facts as fit, then a bar of what is left of the width. */
function barLine({ phase, fraction, facts = [] }: ProgressState, columns: number): string {
  const done = fraction === undefined ? [] : [percent(fraction)];
  const fitting = facts.length - shortenings(phase, done, facts, columns);
  const words = wordsOf(phase, done, facts.slice(0, fitting));
  const barWidth = Math.min(BAR_WIDTH, columns - displayWidth(words) - 2);
  if (fraction === undefined || barWidth < MIN_BAR_WIDTH) return words.slice(0, columns);
  const full = Math.round(fraction * barWidth);
  return wordsOf(phase, [`${'█'.repeat(full)}${'░'.repeat(barWidth - full)}`, ...done], facts.slice(0, fitting));
}

/** How many of the facts have to go for the rest to fit. */
function shortenings(phase: string, done: readonly string[], facts: readonly string[], columns: number): number {
  for (let left = facts.length; left > 0; left--) {
    if (displayWidth(wordsOf(phase, done, facts.slice(0, left))) <= columns) return facts.length - left;
  }
  return facts.length;
}

function plainLine({ phase, fraction, facts = [] }: ProgressState): string {
  return wordsOf(phase, fraction === undefined ? [] : [percent(fraction)], facts);
}

function wordsOf(phase: string, done: readonly string[], facts: readonly string[]): string {
  return [phase, ...done, facts.join(', ')].filter(Boolean).join('  ');
}

const percent = (fraction: number): string => `${Math.floor(fraction * 100)} %`;
