import { momentOf, wallClock, zoneOffsetMs } from '../../shared/time/time-zone.ts';

/** Local times of day, “22:00”; past midnight where `to` is before `from`, the whole day where they are the same. */
export interface Window {
  readonly from: string;
  readonly to: string;
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Whether the clocks of the zone show a time within the window. */
export function isWithin({ from, to }: Window, timeZone: string, at: Date): boolean {
  const first = minutesOf(from);
  const end = minutesOf(to);
  if (first === end) return true;
  const wallMs = at.getTime() + zoneOffsetMs(timeZone, at.getTime());
  const minute = Math.floor((wallMs % DAY_MS) / MINUTE_MS);
  return first < end ? minute >= first && minute < end : minute >= first || minute < end;
}

/**
 * The next moment at which the window opens, where `at` is outside it. On a night on which the clocks leap over the whole
 * window it does not open; on one on which they show it twice it opens twice.
 */
export function nextOpening(window: Window, timeZone: string, at: Date): Date {
  for (let days = 0; days <= 3; days++) {
    const day = wallClock(timeZone, new Date(at.getTime() + days * DAY_MS)).slice(0, 10);
    const opening = openingOn(day, window, timeZone, at);
    if (opening !== undefined) return opening;
  }
  return new Date(at.getTime() + DAY_MS);
}

function openingOn(day: string, window: Window, timeZone: string, after: Date): Date | undefined {
  const usual = momentOf(timeZone, `${day}T${window.from}:00`).getTime();
  const around = 2 * HOUR_MS;
  const isChanging = zoneOffsetMs(timeZone, usual - around) !== zoneOffsetMs(timeZone, usual + around);
  if (!isChanging) return usual > after.getTime() ? new Date(usual) : undefined;
  // The clocks are changed nearby: the wall may show this time twice or not at all. Minutes are looked at one by one.
  for (let ms = usual - around; ms <= usual + around; ms += MINUTE_MS) {
    const moment = new Date(ms);
    if (ms > after.getTime() && isWithin(window, timeZone, moment)) return moment;
  }
  return undefined;
}

/** Midnight after a moment. */
export function startOfNextDay(timeZone: string, at: Date): Date {
  const tomorrow = new Date(Date.parse(wallClock(timeZone, at).slice(0, 10)) + DAY_MS).toISOString().slice(0, 10);
  return momentOf(timeZone, `${tomorrow}T00:00:00`);
}

function minutesOf(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));
}
