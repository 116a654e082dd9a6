/**
 * Looks at what really happens and knows nothing of how the rule decides. It holds the service to what docs/rules.md
 * promises: wherever a backup was due and everything it needs was there, it has begun; and nowhere else.
 */
import type { PastTry } from '../facts.ts';
import type { Simulated } from './service.test-helper.ts';
import { BERLIN, DAY_MS, HOUR_MS, isPaused, MINUTE_MS } from './world.test-helper.ts';

export interface Finding {
  readonly kind: 'missed' | 'doubled' | 'against the rule' | 'asked too often' | 'told too often';
  readonly device: string;
  readonly at: string;
  readonly detail: string;
}

/** What the judge remembers of one device. */
interface Record {
  doneMs?: number;
  /** The clock was so wrong when it was written down that nobody could believe it. */
  isDoneDisbelieved: boolean;
  /** A time that was written down then: when it comes, it is believed. */
  falseMs: number;
  failures: number;
  restsUntilMs: number;
  askedMs: number[];
  toldMs: number;
  /** Everything has been there since then. */
  readySinceMs?: number;
  backups: number;
}

/** As quick as anybody can ask for; where somebody has to be told and no glance is to be disturbed, as quick as that allows. */
const AT_ONCE_MS = 2000;
const IN_THE_HAND_MS = 25_000;
const GLANCE_MS = 10_000;
const PATIENCE_MS = 3 * HOUR_MS;
const CLOCK = new Intl.DateTimeFormat('en-GB', {
  timeZone: BERLIN,
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const DATE = new Intl.DateTimeFormat('en-CA', { timeZone: BERLIN });

export class Judge {
  readonly findings: Finding[] = [];
  readonly #records = new Map<Simulated, Record>();
  readonly #settings: { atMs: number; byMs: number }[] = [];
  #beganMs = 0;
  #upSinceMs = 0;
  #skewMs = 0;

  /** From when on every device is known. */
  began(nowMs: number): void {
    this.#beganMs = nowMs;
  }

  /** Called after everything has been done that is to be done at a moment; until the next call nothing changes. */
  look({
    nowMs,
    isUp,
    slotsFree,
    devices,
  }: {
    nowMs: number;
    isUp: boolean;
    slotsFree: number;
    devices: readonly Simulated[];
  }): void {
    for (const device of devices) {
      const record = this.#recordOf(device);
      const since = record.readySinceMs;
      const allowedMs = (device.habit.asks ? IN_THE_HAND_MS : AT_ONCE_MS) + this.#clockToleranceMs(nowMs);
      if (since !== undefined && nowMs - since > allowedMs) {
        this.#find('missed', device, since, `nothing began for ${Math.round((nowMs - since) / 1000)} s`);
        delete record.readySinceMs;
      }
      const isReady = isUp && slotsFree > 0 && device.job === undefined && this.#isReady(device, record, nowMs);
      if (!isReady) delete record.readySinceMs;
      else record.readySinceMs ??= nowMs;
    }
  }

  started(device: Simulated, { nowMs, slotsFree }: { nowMs: number; slotsFree: number }): void {
    const record = this.#recordOf(device);
    const everyMs = device.habit.rule.everyHours * HOUR_MS;
    const { doneMs } = record;
    if (doneMs !== undefined && !record.isDoneDisbelieved) {
      const wonMs = sum(this.#settings.filter(({ atMs, byMs }) => atMs >= doneMs && byMs > 0).map(({ byMs }) => byMs));
      if (nowMs - doneMs < everyMs - wonMs) {
        this.#find('doubled', device, nowMs, `${((nowMs - doneMs) / HOUR_MS).toFixed(2)} hours after the last`);
      }
    }
    if (slotsFree <= 0) this.#find('against the rule', device, nowMs, 'no slot is free');
    if (isPaused(device.habit, nowMs)) this.#find('against the rule', device, nowMs, 'it is paused');
    const missing = this.#missing(device, record, nowMs, PATIENCE_MS - this.#clockToleranceMs(nowMs));
    if (missing !== undefined) this.#find('against the rule', device, nowMs, missing);
    if (device.habit.asks) this.#ask(device, record, nowMs);
  }

  ended(
    device: Simulated,
    { nowMs, outcome, skewMs }: { nowMs: number; outcome: PastTry['outcome']; skewMs: number },
  ): void {
    const record = this.#recordOf(device);
    if (skewMs > DAY_MS) record.falseMs = nowMs + skewMs;
    if (outcome === 'done') {
      record.doneMs = nowMs;
      record.isDoneDisbelieved = Math.abs(skewMs) > DAY_MS;
      record.failures = 0;
      record.restsUntilMs = 0;
      record.backups++;
    } else if (outcome === 'not-confirmed') {
      record.restsUntilMs = nowMs + HOUR_MS;
    } else {
      record.failures++;
      record.restsUntilMs = nowMs + Math.min(4 * HOUR_MS, 15 * MINUTE_MS * 2 ** (record.failures - 1));
    }
  }

  announced(device: Simulated, nowMs: number): void {
    const record = this.#recordOf(device);
    if (nowMs - record.toldMs < 20 * HOUR_MS - this.#clockToleranceMs(nowMs)) {
      this.#find(
        'told too often',
        device,
        nowMs,
        `${((nowMs - record.toldMs) / HOUR_MS).toFixed(2)} hours after the last time`,
      );
    }
    record.toldMs = nowMs;
  }

  clockSet(nowMs: number, byMs: number): void {
    this.#settings.push({ atMs: nowMs, byMs });
    this.#skewMs += byMs;
  }

  rebooted(upMs: number): void {
    this.#upSinceMs = upMs;
  }

  backupsOf(device: Simulated): number {
    return this.#recordOf(device).backups;
  }

  #isReady(device: Simulated, record: Record, nowMs: number): boolean {
    const { rule, asks } = device.habit;
    if (record.doneMs !== undefined && nowMs < record.doneMs + rule.everyHours * HOUR_MS) return false;
    if (Math.abs(nowMs - record.falseMs) < (rule.everyHours + 12) * HOUR_MS) return false;
    if (nowMs < record.restsUntilMs || isPaused(device.habit, nowMs)) return false;
    if (asks && this.#askedToday(record, nowMs, DAY_MS) >= rule.maxPromptsPerDay) return false;
    return this.#missing(device, record, nowMs, PATIENCE_MS) === undefined;
  }

  /** What a start needs and is not there. */
  #missing(
    { habit, real, unlockedAtMs, homeSinceMs }: Simulated,
    record: Record,
    nowMs: number,
    patienceMs: number,
  ): string | undefined {
    const { rule } = habit;
    if (real.home === 'none') return 'it is away';
    const clock = (): string => CLOCK.format(nowMs + this.#skewMs);
    if (rule.window !== undefined && !isBetween(clock(), rule.window.from, rule.window.to)) return 'outside the window';
    const dueMs = record.doneMs === undefined ? this.#beganMs : record.doneMs + rule.everyHours * HOUR_MS;
    const isPatienceOver = nowMs >= dueMs + patienceMs;
    if (habit.silent === true) return isPatienceOver ? undefined : 'it does not tell, and was given too little time';
    const hasPower = real.power || real.home === 'usb';
    if (!hasPower && real.battery < rule.minBatteryPercent) return 'the battery is low';
    const unlockedMs = nowMs - Math.max(unlockedAtMs, this.#upSinceMs);
    if (!habit.asks) {
      if (rule.onPower && !hasPower) return 'it is not on power';
      if (!rule.locked || real.locked) return undefined;
      return nowMs - unlockedAtMs >= patienceMs && isPatienceOver ? undefined : 'somebody uses it';
    }
    if (real.locked) return 'nobody holds it';
    const isSeen = unlockedAtMs >= this.#upSinceMs && unlockedAtMs > homeSinceMs;
    if (isSeen && unlockedMs < GLANCE_MS) return 'it may be no more than a glance';
    if (isSeen && unlockedMs < PATIENCE_MS) return undefined;
    return isBetween(clock(), '08:00', '21:00') ? undefined : 'nobody is known to hold it, in the night';
  }

  #ask(device: Simulated, record: Record, nowMs: number): void {
    const most = device.habit.rule.maxPromptsPerDay;
    // While the clock is days ahead, nobody can tell a day.
    if (this.#settings.every(({ atMs, byMs }) => nowMs - atMs > 5 * DAY_MS || Math.abs(byMs) < DAY_MS)) {
      const dayMs = DAY_MS - this.#clockToleranceMs(nowMs);
      const count = this.#askedToday(record, nowMs, dayMs);
      if (count >= most) this.#find('asked too often', device, nowMs, `for the ${count + 1}th time`);
    }
    record.askedMs = [...record.askedMs, nowMs].slice(-30);
  }

  /** Within so long, or on this day of the calendar. */
  #askedToday({ askedMs }: Record, nowMs: number, dayMs: number): number {
    const recent = askedMs.filter((ms) => nowMs - ms < 25 * HOUR_MS);
    if (recent.length === 0) return 0;
    const today = DATE.format(nowMs);
    const isTrustedDay = dayMs === DAY_MS;
    return recent.filter((ms) => nowMs - ms < dayMs || (isTrustedDay && DATE.format(ms) === today)).length;
  }

  /** A clock that was set takes away, or gives, as much time as it was set by. */
  #clockToleranceMs(nowMs: number): number {
    const recent = this.#settings.filter(({ atMs }) => nowMs - atMs < 3 * DAY_MS);
    return Math.min(30 * HOUR_MS, sum(recent.map(({ byMs }) => Math.abs(byMs))));
  }

  #find(kind: Finding['kind'], { habit }: Simulated, atMs: number, detail: string): void {
    this.findings.push({ kind, device: habit.name, at: new Date(atMs).toISOString(), detail });
  }

  #recordOf(device: Simulated): Record {
    let record = this.#records.get(device);
    if (record === undefined) {
      const toldMs = Number.NEGATIVE_INFINITY;
      record = {
        isDoneDisbelieved: false,
        falseMs: toldMs,
        failures: 0,
        restsUntilMs: 0,
        askedMs: [],
        toldMs,
        backups: 0,
      };
      this.#records.set(device, record);
    }
    return record;
  }
}

function isBetween(clock: string, from: string, to: string): boolean {
  return from < to ? clock >= from && clock < to : clock >= from || clock < to;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
