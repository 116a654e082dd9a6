import { z } from 'zod';
import { Alarm, Reason } from '../../contract/index.ts';
import type { Evaluation } from './evaluate.ts';
import { DAY_MS, type Finding, HOUR_MS } from './finding.ts';

/** What somebody was told of one thing, kept for a while when it is over: it may come back the same day. */
const LastTold = z.object({ at: z.iso.datetime(), grade: z.int() });

/** An alarm with what is needed to tell it neither too often nor too seldom. */
export const LivingAlarm = Alarm.omit({ toldAt: true }).extend({
  raisedAt: z.iso.datetime(),
  over: Reason,
  patienceMs: z.number().nonnegative().default(0),
  told: LastTold.optional(),
});
export type LivingAlarm = z.infer<typeof LivingAlarm>;

/** One that is over. */
export const PastAlarm = z.object({
  id: z.string(),
  told: LastTold.optional(),
  mutedUntil: z.iso.datetime().optional(),
  endedAt: z.iso.datetime(),
});
export type PastAlarm = z.infer<typeof PastAlarm>;

export interface Living {
  readonly alarms: readonly LivingAlarm[];
  readonly past: readonly PastAlarm[];
}

export interface LifeStep extends Living {
  readonly raised: readonly LivingAlarm[];
  /** Became worse than they were when last looked at. */
  readonly worse: readonly LivingAlarm[];
  readonly cleared: readonly LivingAlarm[];
}

/** What is found now becomes the alarms there are; what is not found any more is over, unless nothing can be said of it. */
export function liveOn(before: Living, { findings, isUnknown }: Evaluation, now: Date): LifeStep {
  const known = new Map(before.alarms.map((alarm) => [alarm.id, alarm]));
  const found = new Set(findings.map(({ id }) => id));
  const alarms = findings.map((finding) => alarmOf(finding, known.get(finding.id), before.past, now));
  const gone = before.alarms.filter(({ id }) => !found.has(id));
  const held = gone.filter((alarm) => isUnknown(alarm));
  const cleared = gone.filter((alarm) => !isUnknown(alarm));
  const ended = cleared.map(({ id, told, mutedUntil }): PastAlarm => ({
    id,
    endedAt: now.toISOString(),
    ...(told === undefined ? {} : { told }),
    ...(mutedUntil === undefined ? {} : { mutedUntil }),
  }));
  const endedIds = new Set(ended.map(({ id }) => id));
  return {
    alarms: [...alarms, ...held],
    past: [...before.past.filter(({ id }) => !found.has(id) && !endedIds.has(id)), ...ended].filter((each) =>
      isStillOfUse(each, now),
    ),
    raised: alarms.filter(({ id }) => !known.has(id)),
    worse: alarms.filter(({ id, grade }) => grade > (known.get(id)?.grade ?? grade)),
    cleared,
  };
}

/**
 * Whether somebody is to be told of an alarm now: of a new one, of one that became worse, and of one that stays, after so many
 * days. Never twice within 24 hours of the same thing in the same state, also when it went away and came back.
 */
export function isToBeTold(alarm: LivingAlarm, remindEveryDays: number, now: Date): boolean {
  if (isMuted(alarm, now)) return false;
  if (now.getTime() - Date.parse(alarm.raisedAt) < alarm.patienceMs) return false;
  const { told } = alarm;
  // A time ahead was noted while the clock was wrong, and would silence the alarm for as long.
  if (told === undefined || Date.parse(told.at) > now.getTime() + HOUR_MS) return true;
  const agoMs = now.getTime() - Date.parse(told.at);
  if (alarm.grade > told.grade) return true;
  const cameBack = Date.parse(alarm.raisedAt) > Date.parse(told.at);
  return agoMs >= (cameBack ? 1 : Math.max(1, remindEveryDays)) * DAY_MS;
}

/** Whether somebody was told of it since it was raised, and so wants to know that it is over. */
export function wasTold({ told, raisedAt }: LivingAlarm): boolean {
  return told !== undefined && Date.parse(told.at) >= Date.parse(raisedAt);
}

/**
 * Notes that somebody is told now. The gravest that was said within a day counts, so that what goes up and down is not told
 * with every turn.
 */
export function noteTold(alarm: LivingAlarm, now: Date): LivingAlarm {
  const { told, grade } = alarm;
  const isRecent = told !== undefined && Math.abs(now.getTime() - Date.parse(told.at)) < DAY_MS;
  return { ...alarm, told: { at: now.toISOString(), grade: isRecent ? Math.max(grade, told.grade) : grade } };
}

export function isMuted({ mutedUntil }: Pick<LivingAlarm, 'mutedUntil'>, now: Date): boolean {
  return mutedUntil !== undefined && Date.parse(mutedUntil) > now.getTime();
}

function alarmOf(finding: Finding, known: LivingAlarm | undefined, past: readonly PastAlarm[], now: Date): LivingAlarm {
  const { id, kind, udid, level, grade, reason, nextStep, over, patienceMs = 0 } = finding;
  const earlier = known ?? past.find((each) => each.id === id);
  const raisedAt = known?.raisedAt ?? now.toISOString();
  return {
    id,
    kind,
    level,
    grade,
    reason,
    nextStep,
    over,
    patienceMs,
    raisedAt,
    since: finding.since?.toISOString() ?? raisedAt,
    ...(udid === undefined ? {} : { udid }),
    ...(earlier?.told === undefined ? {} : { told: earlier.told }),
    ...(earlier?.mutedUntil === undefined ? {} : { mutedUntil: earlier.mutedUntil }),
  };
}

function isStillOfUse({ told, mutedUntil }: PastAlarm, now: Date): boolean {
  const isRecent = told !== undefined && Math.abs(now.getTime() - Date.parse(told.at)) < DAY_MS;
  return isRecent || isMuted({ mutedUntil }, now);
}
