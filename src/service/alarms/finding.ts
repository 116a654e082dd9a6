import type { AlarmKind, Reason } from '../../contract/index.ts';

/** Something that is so now and that somebody should do something about. */
export interface Finding {
  /** The same as long as it is the same thing. */
  readonly id: string;
  readonly kind: AlarmKind;
  readonly udid?: string;
  readonly level: 'attention' | 'at-risk';
  /** From 1; grows as it becomes worse. A higher level always has a higher grade. */
  readonly grade: number;
  /** Since when it is so; when it was first found where that is not known. */
  readonly since?: Date;
  readonly reason: Reason;
  readonly nextStep: Reason;
  /** What is said when it is over. */
  readonly over: Reason;
  /** Nobody is told before it has lasted so long: it may go away by itself. */
  readonly patienceMs?: number;
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** 1 from `limit` on, 2 from twice as much, 3 from four times. */
export function gradeByDoubling(value: number, limit: number): number {
  return 1 + Math.max(0, Math.floor(Math.log2(value / limit)));
}
