import { because, type BackupRule, type Reason } from '../../contract/index.ts';
import type { DeviceFacts, RuleInput } from './facts.ts';
import { HOUR_MS, isWithin, nextOpening, type Window } from './local-time.ts';
import { nextQuestionAt, retryAt, stoppedByHand, triesSince, unanswered } from './past.ts';

/** Something that keeps a due backup from starting. */
export interface Obstacle {
  readonly reason: Reason;
  /** When time alone takes it away; later than now. Absent where something has to happen. */
  readonly until?: Date;
  /** Only that nobody holds the device: somebody may be told. */
  readonly isAbsence?: true;
}

/**
 * What a device does not say, or what does not change for so long after the backup became due, is no obstacle any more: some
 * devices never lock, and some do not tell.
 */
const PATIENCE_MS = 3 * HOUR_MS;
/** A glance at the clock is no occasion to ask for the passcode. */
const GLANCE_MS = 10_000;
/** When people may be asked or told something that they did not just take the device into their hands for. */
export const WAKING_HOURS: Window = { from: '08:00', to: '21:00' };

export interface Due {
  readonly dueAt: Date;
  readonly lastSuccessAt: Date | undefined;
}

/** Everything that keeps a due backup from starting, the most important first. */
export function obstaclesOf(input: RuleInput, due: Due): Obstacle[] {
  const { device, rule } = input;
  if (!device.trusted) return [{ reason: because('not-trusted', {}) }];
  const always = [...windowObstacle(input), ...pastObstacles(input, due)];
  if (device.reachable === 'none') return [outOfReach(device), ...always];
  const conditions = asks(device)
    ? handObstacle(input, due)
    : [...powerObstacle(device, rule, due, input.now), ...lockObstacle(device, rule, due, input.now)];
  const slot = input.slotsFree > 0 ? [] : [{ reason: because('slot-taken', {}) }];
  return [...always, ...batteryObstacle(device, rule), ...conditions, ...slot];
}

/** Whether the passcode has to be entered for every backup. Not knowing is taken as yes: better a calm day than a question at night. */
export function asks(device: DeviceFacts): boolean {
  return device.asksPasscode ?? true;
}

function outOfReach({ lastSeenAt }: DeviceFacts): Obstacle {
  return {
    reason: because('out-of-reach', lastSeenAt === undefined ? {} : { lastSeenAt: lastSeenAt.toISOString() }),
  };
}

function windowObstacle({ rule, now, timeZone }: RuleInput): Obstacle[] {
  if (rule.window === undefined || isWithin(rule.window, timeZone, now)) return [];
  const opensAt = nextOpening(rule.window, timeZone, now);
  return [{ reason: because('outside-window', { ...rule.window, opensAt: opensAt.toISOString() }), until: opensAt }];
}

/** Failures, backups that were stopped, questions nobody answered. */
function pastObstacles({ device, history, rule, now, timeZone }: RuleInput, due: Due): Obstacle[] {
  const tries = triesSince(due.lastSuccessAt, history, now);
  const found: Obstacle[] = [];
  const stopped = stoppedByHand(tries);
  if (stopped !== undefined && stopped.until > now) {
    const values = { at: stopped.at.toISOString(), nextAt: stopped.until.toISOString() };
    found.push({ reason: because('stopped-by-hand', values), until: stopped.until });
  }
  const retry = retryAt(tries);
  if (retry !== undefined && retry > now) {
    found.push({ reason: because('retry-later', { nextAt: retry.toISOString() }), until: retry });
  }
  const usedUp = nextQuestionAt(history, {
    asksPasscode: asks(device),
    maxPerDay: rule.maxPromptsPerDay,
    now,
    timeZone,
  });
  const ignored = unanswered(tries);
  if (usedUp !== undefined && usedUp > now) {
    const values = { count: rule.maxPromptsPerDay, nextAt: usedUp.toISOString() };
    found.push({ reason: because('prompts-used-up', values), until: usedUp });
  } else if (ignored !== undefined && ignored.until > now) {
    const values = { at: ignored.at.toISOString(), nextAt: ignored.until.toISOString() };
    found.push({ reason: because('prompt-unanswered', values), until: ignored.until });
  }
  return found;
}

function batteryObstacle(device: DeviceFacts, rule: BackupRule): Obstacle[] {
  const { batteryPercent: percent } = device;
  if (isOnPower(device) === true || percent === undefined || percent >= rule.minBatteryPercent) return [];
  return [{ reason: because('battery-low', { percent, minPercent: rule.minBatteryPercent }) }];
}

function powerObstacle(device: DeviceFacts, rule: BackupRule, due: Due, now: Date): Obstacle[] {
  const onPower = isOnPower(device);
  if (!rule.onPower || onPower === true) return [];
  if (onPower === false) return [{ reason: because('needs-power', {}) }];
  return until(new Date(due.dueAt.getTime() + PATIENCE_MS), now, (iso) => because('power-unknown', { until: iso }));
}

function lockObstacle(device: DeviceFacts, rule: BackupRule, due: Due, now: Date): Obstacle[] {
  if (!rule.locked || device.locked === true) return [];
  const since = device.locked === false ? (device.lastUnlockedAt ?? due.dueAt) : due.dueAt;
  return until(new Date(since.getTime() + PATIENCE_MS), now, (iso) =>
    device.locked === false ? because('needs-lock', {}) : because('lock-unknown', { until: iso }),
  );
}

/**
 * Devices that ask for the passcode are asked while somebody holds them: just unlocked, and still so. One that never locks is
 * asked by day, and so is one that does not tell, once it had time enough to.
 */
function handObstacle({ device, rule, now, timeZone }: RuleInput, due: Due): Obstacle[] {
  const absent: Obstacle = { reason: because('waits-for-unlock', {}), isAbsence: true };
  if (device.locked === true) return [absent];
  const unlockedMs = device.locked === false ? device.lastUnlockedAt?.getTime() : undefined;
  const heldMs = unlockedMs === undefined ? undefined : Math.max(0, now.getTime() - unlockedMs);
  if (unlockedMs !== undefined && heldMs !== undefined && heldMs < PATIENCE_MS) {
    // Where the clock was set back the moment of unlocking lies ahead: somebody holds it all the same.
    const steadyAt = new Date(unlockedMs + GLANCE_MS);
    return unlockedMs <= now.getTime() && steadyAt > now ? [{ ...absent, until: steadyAt }] : [];
  }
  const toldBy = new Date(due.dueAt.getTime() + PATIENCE_MS);
  if (device.locked === undefined && toldBy > now) return [{ ...absent, until: toldBy }];
  const hours = rule.window ?? WAKING_HOURS;
  return isWithin(hours, timeZone, now) ? [] : [{ ...absent, until: nextOpening(hours, timeZone, now) }];
}

/** What hangs on the cable of this computer is charged by it. */
function isOnPower(device: DeviceFacts): boolean | undefined {
  return device.reachable === 'usb' ? true : device.onPower;
}

function until(end: Date, now: Date, say: (iso: string) => Reason): Obstacle[] {
  return end > now ? [{ reason: say(end.toISOString()), until: end }] : [];
}
