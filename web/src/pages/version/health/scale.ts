/** The values along the side of a chart: few, round, and around everything that is shown. */
export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
}

/**
 * @param least of what is shown. Sums begin at zero: pass 0.
 * @param most of what is shown.
 */
export function scaleOf(least: number, most: number): Scale {
  const range = most - least || Math.abs(most) || 1;
  const step = roundStep(range / 4);
  const from = Math.floor(least / step) * step;
  const to = Math.max(Math.ceil(most / step) * step, from + step);
  const count = Math.round((to - from) / step);
  // Multiplied, not added up: 0.1 + 0.2 is not 0.3.
  const ticks = Array.from({ length: count + 1 }, (_, index) => Number((from + index * step).toPrecision(12)));
  return { from, to, ticks };
}

/** 1, 2 or 5 times a power of ten, not below what is asked for. */
function roundStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  const factor = [1, 2, 5, 10].find((each) => each * power >= wanted) ?? 10;
  return factor * power;
}
