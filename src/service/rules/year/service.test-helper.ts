/**
 * A service that does what the rule says and knows nothing else: it sees devices that are at home, keeps a history that
 * survives its end, has a clock that may be wrong, and wakes when something changes or when the rule said to look again.
 */
import { decideAll } from '../decide-all.ts';
import type { Decision, DeviceFacts, PastTry, RuleInput } from '../facts.ts';
import type { Judge } from './judge.test-helper.ts';
import {
  BERLIN,
  DAY_MS,
  eventsOf,
  type Habit,
  HOUR_MS,
  isPaused,
  MINUTE_MS,
  randomFrom,
  type Real,
  type WorldEvent,
} from './world.test-helper.ts';

export interface YearOptions {
  readonly family: readonly Habit[];
  readonly firstDay: string;
  readonly days: number;
  readonly slots: number;
  readonly seed: number;
  /** What is done to the service and its clock, in order. */
  readonly troubles: readonly Trouble[];
  readonly judge: Judge;
  /** The rule under test. */
  readonly decideAll?: typeof decideAll;
}

export type Trouble =
  | { readonly atMs: number; readonly kind: 'clock'; readonly byMs: number }
  /** `inTheMiddle`: not before a backup runs. */
  | { readonly atMs: number; readonly kind: 'reboot'; readonly downMs: number; readonly inTheMiddle?: boolean };

/** One device, as it is and as the service sees it. */
export interface Simulated {
  readonly habit: Habit;
  readonly events: readonly WorldEvent[];
  nextEvent: number;
  real: Real;
  /** When it really was unlocked, and when it came home. */
  unlockedAtMs: number;
  homeSinceMs: number;
  seenUnlockedAt: Date | undefined;
  lastSeenAt: Date | undefined;
  job:
    | {
        readonly startedMs: number;
        readonly endsMs: number;
        readonly outcome: PastTry['outcome'];
        readonly asked: boolean;
        readonly automatic: boolean;
      }
    | undefined;
  lookAgainMs: number;
  successes: Date[];
  tries: PastTry[];
  announcedAt: Date | undefined;
}

/** How many entries of the history the rule is given: more than a month of them. */
const REMEMBERED = 60;
const UNANSWERED_MS = 3 * MINUTE_MS;

export function simulate(options: YearOptions): Simulated[] {
  const random = randomFrom(options.seed);
  const startMs = Date.parse(`${options.firstDay}T00:00:00Z`) - HOUR_MS;
  const endMs = startMs + options.days * DAY_MS;
  const devices = options.family.map((habit): Simulated => ({
    habit,
    events: eventsOf(habit, options.firstDay, options.days, random),
    nextEvent: 0,
    real: habit.start,
    unlockedAtMs: startMs,
    homeSinceMs: startMs,
    seenUnlockedAt: undefined,
    lastSeenAt: undefined,
    job: undefined,
    lookAgainMs: startMs,
    successes: [],
    tries: [],
    announcedAt: undefined,
  }));
  const rule = options.decideAll ?? decideAll;
  const troubles = [...options.troubles];
  let nowMs = startMs;
  let skewMs = 0;
  let downUntilMs = 0;
  const clock = (ms = nowMs): Date => new Date(ms + skewMs);
  const isUp = (): boolean => nowMs >= downUntilMs;
  const knownSince = new Date(startMs);

  options.judge.began(startMs);
  while (nowMs < endMs) {
    for (const device of devices) happen(device);
    endJobs();
    trouble();
    if (isUp()) runService();
    options.judge.look({ nowMs, isUp: isUp(), slotsFree: slotsFree(), devices });
    nowMs = nextMoment();
  }
  return devices;

  /** Lets everything happen to a device that happens until now. */
  function happen(device: Simulated): void {
    for (let event = device.events[device.nextEvent]; event !== undefined && event.atMs <= nowMs;) {
      const before = device.real;
      const { byHand, ...change } = event.change;
      device.real = { ...before, ...change };
      if (before.locked && !device.real.locked) device.unlockedAtMs = event.atMs;
      if (before.home === 'none' && device.real.home !== 'none') device.homeSinceMs = event.atMs;
      see(device, before);
      if (device.real.home === 'none' && device.job !== undefined) endJob(device, 'failed');
      if (byHand === true) backUpNow(device);
      device.lookAgainMs = nowMs;
      event = device.events[++device.nextEvent];
    }
  }

  /** What the service notices of a change: nothing of devices that are away, nothing while it is down. */
  function see(device: Simulated, before: Real): void {
    if (!isUp()) return;
    if (before.home !== 'none' || device.real.home !== 'none') device.lastSeenAt = clock();
    if (before.home !== 'none' && before.locked && !device.real.locked && device.habit.silent !== true) {
      device.seenUnlockedAt = clock();
    }
  }

  function endJobs(): void {
    for (const device of devices) {
      if (device.job !== undefined && device.job.endsMs <= nowMs) endJob(device, device.job.outcome);
    }
  }

  function endJob(device: Simulated, outcome: PastTry['outcome']): void {
    const { job } = device;
    if (job === undefined) return;
    device.job = undefined;
    // A service that is down writes down what happened when it is back; the time is that of the end all the same.
    const endedAt = clock();
    const startedAt = new Date(endedAt.getTime() - (nowMs - job.startedMs));
    device.tries = [...device.tries, { startedAt, endedAt, automatic: job.automatic, outcome, asked: job.asked }].slice(
      -REMEMBERED,
    );
    if (outcome === 'done') device.successes = [...device.successes, endedAt].slice(-REMEMBERED);
    options.judge.ended(device, { nowMs, outcome, skewMs });
    // A slot is free again: everybody who waits may go on.
    for (const other of devices) other.lookAgainMs = Math.min(other.lookAgainMs, nowMs);
  }

  function trouble(): void {
    for (let next = troubles[0]; next !== undefined && next.atMs <= nowMs; next = troubles[0]) {
      if (next.kind === 'reboot' && next.inTheMiddle === true && !devices.some(runsForAWhile)) return;
      troubles.shift();
      if (next.kind === 'clock') {
        skewMs += next.byMs;
        options.judge.clockSet(nowMs, next.byMs);
        continue;
      }
      for (const device of devices) if (device.job !== undefined) endJob(device, 'interrupted');
      downUntilMs = nowMs + next.downMs;
      for (const device of devices) {
        device.seenUnlockedAt = undefined;
        device.lookAgainMs = downUntilMs;
      }
      options.judge.rebooted(downUntilMs);
    }
  }

  function runsForAWhile({ job }: Simulated): boolean {
    return job !== undefined && nowMs - job.startedMs >= MINUTE_MS;
  }

  function runService(): void {
    const waking = devices.filter((device) => device.job === undefined && device.lookAgainMs <= nowMs);
    if (waking.length === 0) return;
    const inputs = new Map(waking.map((device) => [device, inputOf(device)]));
    for (const [device, decision] of rule(inputs, slotsFree())) carryOut(device, decision);
  }

  function inputOf(device: Simulated): Omit<RuleInput, 'slotsFree'> {
    const { habit, successes, tries, announcedAt } = device;
    const pausedUntil = isPaused(habit, nowMs) ? new Date(habit.pause?.untilMs ?? 0).toISOString() : undefined;
    return {
      device: factsOf(device),
      history: { successes, tries, announcedAt, knownSince },
      rule: pausedUntil === undefined ? habit.rule : { ...habit.rule, pausedUntil },
      now: clock(),
      timeZone: BERLIN,
    };
  }

  function carryOut(device: Simulated, decision: Decision): void {
    // Timers run on although the clock is set.
    device.lookAgainMs = nowMs + Math.max(1, decision.lookAgainAt.getTime() - clock().getTime());
    if (decision.action === 'announce') {
      device.announcedAt = clock();
      options.judge.announced(device, nowMs);
    }
    if (decision.action === 'start') begin(device, true);
  }

  function backUpNow(device: Simulated): void {
    if (isUp() && device.real.home !== 'none' && device.job === undefined && slotsFree() > 0) begin(device, false);
  }

  function begin(device: Simulated, automatic: boolean): void {
    const { habit } = device;
    if (automatic) options.judge.started(device, { nowMs, slotsFree: slotsFree() });
    const isRefused = habit.asks && random() * 100 >= (habit.answers ?? 100);
    const fails = random() < 0.04;
    const lastsMs = Math.round((2 + random() * (device.successes.length === 0 ? 200 : 25)) * MINUTE_MS);
    device.job = {
      startedMs: nowMs,
      endsMs: nowMs + (isRefused ? UNANSWERED_MS : fails ? Math.round(lastsMs / 2) : lastsMs),
      outcome: isRefused ? 'not-confirmed' : fails ? 'failed' : 'done',
      asked: habit.asks,
      automatic,
    };
  }

  function slotsFree(): number {
    return options.slots - devices.filter(({ job }) => job !== undefined).length;
  }

  function nextMoment(): number {
    // The judge looks every ten minutes, also where nothing happens.
    let next = Math.min(endMs, nowMs + 10 * MINUTE_MS);
    if (nowMs < downUntilMs) next = Math.min(next, downUntilMs);
    const soon = troubles[0];
    // One that waits for a backup to run is looked for by the minute.
    if (soon !== undefined) next = Math.min(next, soon.atMs > nowMs ? soon.atMs : nowMs + MINUTE_MS);
    for (const { events, nextEvent, job, lookAgainMs } of devices) {
      const event = events[nextEvent];
      if (event !== undefined && event.atMs < next) next = event.atMs;
      if (job !== undefined) next = Math.min(next, job.endsMs);
      else if (nowMs >= downUntilMs && lookAgainMs < next) next = lookAgainMs;
    }
    return Math.max(nowMs + 1, next);
  }
}

/** What the service knows of a device at home; of one that is away it knows nothing new. */
function factsOf({ habit, real, seenUnlockedAt, lastSeenAt }: Simulated): DeviceFacts {
  const isHome = real.home !== 'none';
  return {
    reachable: real.home,
    trusted: true,
    asksPasscode: habit.asks,
    lastSeenAt,
    ...(isHome && habit.silent !== true
      ? { onPower: real.power, locked: real.locked, batteryPercent: real.battery, lastUnlockedAt: seenUnlockedAt }
      : {}),
  };
}
