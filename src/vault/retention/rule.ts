/** How long snapshots are kept, from all of them down to one a month. Every number may be 0. */
export interface KeepRule {
  /** Every snapshot of the last so many hours. */
  readonly allHours: number;
  /** The last one of each of the last so many days. */
  readonly dailyDays: number;
  /** The last one of each of the last so many weeks, which begin on Mondays. */
  readonly weeklyWeeks: number;
  /** The last one of each of the last so many months; `Infinity` keeps them for ever. */
  readonly monthlyMonths: number;
}

export const DEFAULT_RULE: KeepRule = { allHours: 24, dailyDays: 30, weeklyWeeks: 52, monthlyMonths: Infinity };

/** @throws {RangeError} when a number is negative or not whole. */
export function checkRule(rule: KeepRule): void {
  for (const [name, value] of Object.entries(rule)) {
    if (value >= 0 && (Number.isInteger(value) || value === Infinity)) continue;
    throw new RangeError(`${name} must be a whole number ≥ 0, got ${value}`);
  }
}
