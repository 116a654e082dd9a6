import type { Alarm } from '../../contract/index.ts';
import { Notice, type NoticeItem } from '../../notify/index.ts';
import type { Logger } from '../../shared/logger.ts';
import type { StateJson } from '../../shared/files/state-json.ts';
import { alarmsFile, type AlarmsState } from './alarms-file.ts';
import { evaluateAlarms } from './evaluate.ts';
import type { AlarmFacts } from './facts.ts';
import { DAY_MS } from './finding.ts';
import { isMuted, isToBeTold, liveOn, type LivingAlarm, noteTold, wasTold } from './life.ts';
import { Telling, type TellingOptions } from './telling.ts';

/** Clocks that are set by the network step back by less. */
const CLOCK_STEP_MS = 10 * 60_000;
/** A clock that stays back for so long was ahead before. */
const BELIEVED_AFTER_MS = 2 * DAY_MS;

export interface AlarmsChange {
  readonly raised: readonly Alarm[];
  readonly worse: readonly Alarm[];
  readonly cleared: readonly Alarm[];
  /** Whether the list is another one than before, in any way a page would show. */
  readonly isChanged: boolean;
}

/**
 * The alarms of a service: what is wrong, since when, and who was told. Kept in `alarms.json` of the state folder, so that a
 * restart neither forgets nor repeats anything.
 *
 * @example
 * const alarms = new Alarms({ stateDir, log });
 * await using telling = alarms.startTelling({ settings, secrets, clock, timeZone });
 * alarms.evaluate(facts, new Date());
 */
export class Alarms {
  readonly #stateDir: string;
  readonly #log: Logger;
  readonly #file: StateJson<AlarmsState>;
  #telling: Telling | undefined;

  constructor({ stateDir, log }: { stateDir: string; log: Logger }) {
    this.#stateDir = stateDir;
    this.#log = log;
    this.#file = alarmsFile(stateDir, log);
  }

  /** Those there are, the gravest first. */
  list(): Alarm[] {
    return this.#file.value.alarms.map(shown);
  }

  /**
   * Looks at the facts, and tells what is to be told. To be called whenever something ended or changed, and every hour at
   * least: signs of life turn into the opposite where it is not.
   */
  evaluate(facts: AlarmFacts, now: Date): AlarmsChange {
    const before = this.#file.value;
    const clock = clockOf(before, facts, now);
    const channels = facts.channels ?? this.#telling?.channels();
    const evaluation = evaluateAlarms(
      { ...facts, latestVersion: undefined, ...clock.facts, ...(channels === undefined ? {} : { channels }) },
      now,
    );
    const { alarms, past, raised, worse, cleared } = liveOn(before, evaluation, now);
    const ids = new Set(alarms.map(({ id }) => id));
    const over = cleared.filter((alarm) => wasTold(alarm) && !isMuted(alarm, now)).map(overItem);
    this.#file.set({
      ...before,
      alarms: [...alarms],
      past: [...past],
      overToTell: [...before.overToTell.filter(({ id }) => !ids.has(id)), ...over],
      ...clock.noted,
    });
    for (const { id, level } of raised) this.#log.warn('alarm', { alarm: id, level });
    for (const { id } of cleared) this.#log.info('alarm over', { alarm: id });
    this.#telling?.evaluated(facts, now);
    return {
      raised: raised.map(shown),
      worse: worse.map(shown),
      cleared: cleared.map(shown),
      isChanged: JSON.stringify(before.alarms) !== JSON.stringify(alarms),
    };
  }

  /**
   * Keeps an alarm from being told until then, or no longer. It stays in the list.
   *
   * @returns the alarm as it is then; undefined where there is none of that id.
   */
  mute(id: string, until: Date | undefined): Alarm | undefined {
    const { value } = this.#file;
    const alarms = value.alarms.map((alarm): LivingAlarm => {
      if (alarm.id !== id) return alarm;
      const { mutedUntil: _, ...loud } = alarm;
      return until === undefined ? loud : { ...loud, mutedUntil: until.toISOString() };
    });
    this.#file.set({ ...value, alarms });
    const muted = alarms.find((alarm) => alarm.id === id);
    if (until === undefined) this.#telling?.wake();
    return muted === undefined ? undefined : shown(muted);
  }

  /** Begins to tell people, until what it gives back is disposed of. Only one at a time. */
  startTelling(options: Omit<TellingOptions, 'stateDir' | 'log' | 'ledger'>): Telling {
    const telling = new Telling({
      ...options,
      stateDir: this.#stateDir,
      log: this.#log,
      ledger: {
        list: () => this.list(),
        take: (request) => this.#take(request),
        arrived: (notice, at) => this.#arrived(notice, at),
        leaving: () => this.#file.value.leaving,
        left: () => this.#file.set({ ...this.#file.value, leaving: [] }),
        allIsWellAt: () => this.#file.value.allIsWellAt,
        noteAllIsWell: (at) => this.#file.set({ ...this.#file.value, allIsWellAt: at.toISOString() }),
      },
    });
    this.#telling = telling;
    return telling;
  }

  /** What had to wait until the network was back was told when it got through: the day counts from then. */
  #arrived({ kind, items }: Notice, at: Date): void {
    if (kind !== 'alarm') return;
    const ids = new Set(items.map(({ id }) => id));
    const { value } = this.#file;
    const later = <T extends { id: string; told?: { at: string; grade: number } | undefined }>(each: T): T =>
      ids.has(each.id) && each.told !== undefined ? { ...each, told: { ...each.told, at: at.toISOString() } } : each;
    this.#file.set({ ...value, alarms: value.alarms.map(later), past: value.past.map(later) });
  }

  /**
   * What is to be told now. It counts as told, durably, before it is given out, and stays under `leaving` until it is in the
   * outbox: a process that dies in between tells it once all the same.
   */
  #take({ remindEveryDays, now, newId }: { remindEveryDays: number; now: Date; newId: () => string }): Notice[] {
    const { value } = this.#file;
    const due = value.alarms.filter((alarm) => isToBeTold(alarm, remindEveryDays, now));
    const notice = (kind: 'alarm' | 'cleared', items: NoticeItem[]): Notice[] =>
      items.length === 0 ? [] : [Notice.parse({ id: newId(), kind, at: now.toISOString(), items })];
    const notices = [...notice('alarm', due.map(itemOf)), ...notice('cleared', value.overToTell)];
    if (notices.length === 0) return [];
    const ids = new Set(due.map(({ id }) => id));
    this.#file.set({
      ...value,
      alarms: value.alarms.map((alarm) => (ids.has(alarm.id) ? noteTold(alarm, now) : alarm)),
      overToTell: [],
      leaving: [...value.leaving, ...notices],
    });
    return notices;
  }
}

function shown({ raisedAt: _raisedAt, over: _over, patienceMs: _patienceMs, told, ...alarm }: LivingAlarm): Alarm {
  return { ...alarm, ...(told === undefined ? {} : { toldAt: told.at }) };
}

function itemOf({ id, level, udid, since, reason, nextStep }: LivingAlarm): NoticeItem {
  return { id, level, since, reason, nextStep, ...(udid === undefined ? {} : { udid }) };
}

function overItem({ id, udid, since, over }: LivingAlarm): NoticeItem {
  return { id, level: 'safe', since, reason: over, ...(udid === undefined ? {} : { udid }) };
}

interface ClockFacts {
  readonly facts: Pick<AlarmFacts, 'devices' | 'latestKnownAt' | 'latestVersion'>;
  readonly noted: Pick<AlarmsState, 'seenAt' | 'wentBackAt' | 'aheadSince'>;
}

/**
 * What the clock has shown already, and what is dated here, cannot lie ahead. Where it goes on like that for days, or the
 * network has set the clock, it was wrong before, and not now: then a version that is dated ahead is told of as such.
 */
function clockOf({ seenAt, wentBackAt, aheadSince }: AlarmsState, facts: AlarmFacts, now: Date): ClockFacts {
  const { latestKnownAt, isMostlyPast = false, isClockSetByNetwork = false } = facts;
  const isLong = (since: Date): boolean => Math.abs(now.getTime() - since.getTime()) > BELIEVED_AFTER_MS;
  const isAhead = (ms: number): boolean => ms - now.getTime() > CLOCK_STEP_MS;
  const seenMs = seenAt === undefined ? 0 : Date.parse(seenAt);
  const backAt = wentBackAt === undefined ? now : new Date(wentBackAt);
  const isSeenRight = !isAhead(seenMs) || isClockSetByNetwork || isLong(backAt);
  const knownMs = latestKnownAt?.getTime() ?? 0;
  const since = isAhead(knownMs) ? new Date(aheadSince ?? now) : undefined;
  // Where nearly everything lies ahead, it is the clock that is wrong, however long that lasts.
  const isKnownRight = since === undefined || isClockSetByNetwork || (isMostlyPast && isLong(since));
  const latest = isSeenRight || (!isKnownRight && knownMs >= seenMs) ? knownMs : seenMs;
  const aheadNoted = { aheadSince: since?.toISOString() };
  if (isSeenRight && isKnownRight) {
    return {
      facts: { devices: facts.devices, latestKnownAt: new Date(Math.min(knownMs, now.getTime())) },
      noted: { seenAt: hourOf(now), wentBackAt: undefined, ...aheadNoted },
    };
  }
  return {
    facts: {
      devices: facts.devices.map(({ misdated: _misdated, ...device }) => device),
      latestKnownAt: new Date(latest),
      latestVersion: latest === knownMs ? facts.latestVersion : undefined,
    },
    noted: isSeenRight
      ? { seenAt: hourOf(now), wentBackAt: undefined, ...aheadNoted }
      : { seenAt, wentBackAt: backAt.toISOString(), ...aheadNoted },
  };
}

/** That it is a minute later is not worth writing a file. */
const hourOf = (now: Date): string => new Date(Math.floor(now.getTime() / 3_600_000) * 3_600_000).toISOString();
