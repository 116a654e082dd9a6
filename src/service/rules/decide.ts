/**
 * Decides when a device is backed up by itself. Pure: the same facts give the same answer, so that every habit of a family
 * can be a test. For people it is told in docs/rules.md.
 */
import { because, type Reason } from '../../contract/index.ts';
import type { Decision, RuleHistory, RuleInput } from './facts.ts';
import { HOUR_MS, isWithin, nextOpening } from './local-time.ts';
import { asks, type Due, type Obstacle, obstaclesOf, WAKING_HOURS } from './obstacles.ts';
import { isBelievable, lastSuccess } from './past.ts';

/** However little is awaited, it is looked again so soon. */
const LOOK_AGAIN_MS = HOUR_MS;
/** Between telling somebody that the device is going to ask, and its asking. */
const NOTICE_MS = 10_000;
/** Nobody is told more often. Less than a day, so that the evening after is not missed. */
const ANNOUNCE_EVERY_MS = 20 * HOUR_MS;

/**
 * What to do with a device now, and why.
 *
 * @example
 * decide({ device, history, rule: BackupRule.parse({}), slotsFree: 2, now: new Date(), timeZone: 'Europe/Berlin' })
 */
export function decide(input: RuleInput): Decision {
  const { device, history, rule, now } = input;
  if (!rule.automatic) return answer('off', [because('rule-off', {})], input);
  const due = dueOf(history, rule.everyHours, now);
  const dueAt = due.dueAt;
  const pausedUntil = rule.pausedUntil === undefined ? undefined : new Date(rule.pausedUntil);
  if (pausedUntil !== undefined && pausedUntil > now) {
    return answer('off', [because('paused', { until: pausedUntil.toISOString() })], input, {
      dueAt,
      at: [pausedUntil],
    });
  }
  if (device.isBusy === true) return answer('wait', [because('running', {})], input, { dueAt });
  if (dueAt > now) {
    return answer('wait', [because('not-due', { dueAt: dueAt.toISOString() })], input, { dueAt, at: [dueAt] });
  }
  return decideDue(input, due);
}

/** From when on a backup is due: so long after the last one that came to its end, at once where there was none. */
export function dueOf(history: RuleHistory, everyHours: number, now: Date): Due {
  const lastSuccessAt = lastSuccess(history, now);
  if (lastSuccessAt !== undefined) {
    return { lastSuccessAt, dueAt: new Date(lastSuccessAt.getTime() + everyHours * HOUR_MS) };
  }
  const knownMs = Math.min(history.knownSince?.getTime() ?? now.getTime(), now.getTime());
  return { lastSuccessAt, dueAt: new Date(knownMs) };
}

function decideDue(input: RuleInput, due: Due): Decision {
  const { device, now } = input;
  const obstacles = obstaclesOf(input, due);
  const { dueAt } = due;
  const isAsking = asks(device) && device.reachable !== 'none';
  // Somebody is told first, where it is only that nobody holds the device, or nothing at all stands in the way.
  if (isAsking && obstacles.every((obstacle) => obstacle.isAbsence === true)) {
    const telling = tellingAt(input, obstacles);
    if (telling <= now) {
      return answer('announce', [because('asks-passcode', {})], input, {
        dueAt,
        at: [new Date(now.getTime() + NOTICE_MS)],
      });
    }
    const noticedAt = noticeEnd(input.history.announcedAt, now);
    if (obstacles.length === 0 && noticedAt > now) {
      return answer('wait', [because('asks-passcode', {})], input, { dueAt, at: [noticedAt] });
    }
    if (obstacles.length > 0) return waitFor(obstacles, input, dueAt, [telling]);
  }
  if (obstacles.length > 0) return waitFor(obstacles, input, dueAt);
  const reason =
    due.lastSuccessAt === undefined ? because('due-first', {}) : because('due', { since: dueAt.toISOString() });
  return answer('start', [reason], input, { dueAt });
}

/** When somebody is to be told next: by day, or at once where somebody holds the device, and not too often. */
function tellingAt({ history, rule, now, timeZone }: RuleInput, obstacles: readonly Obstacle[]): Date {
  const announced = history.announcedAt;
  if (announced !== undefined && isBelievable(announced.getTime(), now)) {
    const again = new Date(Math.min(announced.getTime(), now.getTime()) + ANNOUNCE_EVERY_MS);
    if (again > now) return again;
  }
  const hours = rule.window ?? WAKING_HOURS;
  return obstacles.length === 0 || isWithin(hours, timeZone, now) ? now : nextOpening(hours, timeZone, now);
}

/** A notice from ahead of a clock that was set back was given long enough ago. */
function noticeEnd(announcedAt: Date | undefined, now: Date): Date {
  return announcedAt === undefined || announcedAt > now ? now : new Date(announcedAt.getTime() + NOTICE_MS);
}

function waitFor(obstacles: readonly Obstacle[], input: RuleInput, dueAt: Date, also: readonly Date[] = []): Decision {
  const ends = obstacles.flatMap(({ until }) => (until === undefined ? [] : [until]));
  const reasons = obstacles.map(({ reason }) => reason);
  return answer('wait', reasons, input, { dueAt, at: [...ends, ...also] });
}

/** @param at moments at which time alone may change the answer. */
function answer(
  action: Decision['action'],
  reasons: readonly Reason[],
  { now }: RuleInput,
  { dueAt, at = [] }: { dueAt?: Date; at?: readonly Date[] } = {},
): Decision {
  const nowMs = now.getTime();
  const moments = at.map((moment) => moment.getTime()).filter((ms) => ms > nowMs);
  const lookAgainAt = new Date(Math.min(nowMs + LOOK_AGAIN_MS, ...moments));
  return { action, reasons, lookAgainAt, ...(dueAt === undefined ? {} : { dueAt }) };
}
