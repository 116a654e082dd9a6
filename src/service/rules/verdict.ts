/** How a device stands, in words, for the first page, `holdfast status` and the alarms alike. */
import { because, type Reason, type Verdict } from '../../contract/index.ts';
import { decide, dueOf } from './decide.ts';
import type { RuleInput } from './facts.ts';
import { DAY_MS } from './local-time.ts';
import { failuresInARow, triesSince } from './past.ts';

/** So long after it became due a backup is late: one evening that nobody was at home is nothing to speak of. */
const LATE_AFTER_MS = 2 * DAY_MS;
/** One failure happens; as many in a row do not go away by themselves. */
const FAILURES_TO_MENTION = 3;

export interface Overdue {
  /** Since the last backup, or since the device is known where there was none. */
  readonly since: Date;
  readonly days: number;
  /** That it is overdue, why the last try came to nothing, what is waited for. */
  readonly reasons: readonly Reason[];
}

export interface VerdictInput extends Omit<RuleInput, 'slotsFree'> {
  /** Whether its backups are encrypted; undefined where that is not known. */
  readonly encrypted?: boolean | undefined;
  /** What `pairHealth` says of its pairing. */
  readonly pairing?: { readonly state: 'ok' | 'soon' | 'over' | 'unknown'; readonly daysLeft: number | undefined };
  /** Whether a check found its newest version damaged. */
  readonly isNewestDamaged?: boolean | undefined;
}

export interface DeviceVerdict {
  readonly verdict: Verdict;
  /** The sentence that matters most first. Never empty. */
  readonly reasons: readonly Reason[];
}

/**
 * Whether a device has not been backed up for longer than its rule allows. Not while it is paused: whoever pauses it knows. One
 * that is backed up only by hand can be overdue.
 */
export function overdue(input: Omit<RuleInput, 'slotsFree'>): Overdue | undefined {
  const { history, rule, now } = input;
  if (isPaused(input)) return undefined;
  const { lastSuccessAt } = dueOf(history, rule.everyHours, now);
  const since = lastSuccessAt ?? history.knownSince;
  if (since === undefined) return undefined;
  const age = now.getTime() - since.getTime();
  if (age < rule.overdueDays * DAY_MS) return undefined;
  const days = Math.floor(age / DAY_MS);
  const first = lastSuccessAt === undefined ? because('overdue-first', { days }) : because('overdue', { days });
  return { since, days, reasons: [first, ...whyNot(input)] };
}

/** How a device stands. */
export function verdictOf(input: VerdictInput): DeviceVerdict {
  const { device, history, rule, now } = input;
  const { lastSuccessAt, dueAt } = dueOf(history, rule.everyHours, now);
  if (lastSuccessAt === undefined && !device.trusted) {
    return { verdict: 'unknown', reasons: [because('never-backed-up', {}), because('not-trusted', {})] };
  }
  const late = overdue(input);
  const atRisk = [...(input.isNewestDamaged === true ? [because('newest-damaged', {})] : []), ...(late?.reasons ?? [])];
  const attention = late === undefined ? lateness(input, lastSuccessAt, dueAt) : [];
  attention.push(...standing(input));
  const reasons = [...atRisk, ...attention];
  const backedUp = lastSuccessAt === undefined ? [] : [because('backed-up', { at: lastSuccessAt.toISOString() })];
  const verdict = atRisk.length > 0 ? 'at-risk' : attention.length > 0 ? 'attention' : 'safe';
  if (verdict !== 'safe')
    return { verdict, reasons: distinct(late === undefined ? [...reasons, ...backedUp] : reasons) };
  return { verdict, reasons: [...backedUp, ...(rule.automatic ? [] : [because('rule-off', {})])] };
}

/** What is not right with the backups themselves, though they are not overdue. */
function lateness(input: VerdictInput, lastSuccessAt: Date | undefined, dueAt: Date): Reason[] {
  const { history, rule, now } = input;
  if (isPaused(input)) return [because('paused', { until: rule.pausedUntil ?? '' })];
  if (lastSuccessAt === undefined) return [because('never-backed-up', {}), ...whyNot(input)];
  const lateMs = now.getTime() - dueAt.getTime();
  if (rule.automatic && lateMs >= LATE_AFTER_MS) {
    return [because('late-for-days', { days: Math.floor(lateMs / DAY_MS) }), ...whyNot(input)];
  }
  const failures = failuresInARow(triesSince(lastSuccessAt, history, now));
  return failures >= FAILURES_TO_MENTION ? whyNot(input) : [];
}

/** What is not right about the device and has nothing to do with its last backup. */
function standing({ device, encrypted, pairing }: VerdictInput): Reason[] {
  const found: Reason[] = [];
  if (!device.trusted) found.push(because('not-trusted', {}));
  if (pairing?.state === 'over') found.push(because('pairing-over', {}));
  if (pairing?.state === 'soon') found.push(because('pairing-soon', { daysLeft: pairing.daysLeft ?? 0 }));
  if (encrypted === false) found.push(because('not-encrypted', {}));
  return found;
}

/** How the last try ended, and what is waited for. */
function whyNot(input: Omit<RuleInput, 'slotsFree'>): Reason[] {
  const { history, rule, now } = input;
  const tries = triesSince(dueOf(history, rule.everyHours, now).lastSuccessAt, history, now);
  const last = tries.find(({ outcome }) => outcome === 'failed' || outcome === 'not-confirmed');
  const next = decide({ ...input, slotsFree: 1 });
  const found: Reason[] = [];
  if (last?.outcome === 'not-confirmed') found.push(because('last-not-confirmed', { at: last.endedAt.toISOString() }));
  if (last?.outcome === 'failed') {
    const failures = Math.max(1, failuresInARow(tries));
    found.push(because('last-failed', { at: last.endedAt.toISOString(), failures }));
  }
  if (next.action === 'wait' || next.action === 'off') found.push(...next.reasons.slice(0, 1));
  return found;
}

function isPaused({ rule, now }: Pick<RuleInput, 'rule' | 'now'>): boolean {
  return rule.pausedUntil !== undefined && new Date(rule.pausedUntil) > now;
}

function distinct(reasons: readonly Reason[]): Reason[] {
  return [...new Map(reasons.toReversed().map((reason) => [reason.code, reason])).values()].toReversed();
}
