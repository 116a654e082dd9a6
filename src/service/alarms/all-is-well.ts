import { because, type NotifySettings } from '../../contract/index.ts';
import type { NoticeItem } from '../../notify/index.ts';
import { momentOf, wallClock } from '../../shared/time/time-zone.ts';
import type { AlarmFacts } from './facts.ts';
import { DAY_MS } from './finding.ts';

/** Whether the weekly time has come since the last. One that was missed, because nothing ran, is made up for. */
export function isTurnOf(
  { weekday, at }: NotifySettings['allIsWell'],
  timeZone: string,
  last: Date,
  now: Date,
): boolean {
  for (let daysAgo = 0; daysAgo < 8; daysAgo++) {
    const day = wallClock(timeZone, new Date(now.getTime() - daysAgo * DAY_MS)).slice(0, 10);
    if (weekdayOf(day) !== weekday) continue;
    const turn = momentOf(timeZone, `${day}T${at}:00`);
    if (turn <= now) return turn > last || last.getTime() > now.getTime() + DAY_MS;
  }
  return false;
}

/** A line for each device. None where no device was ever backed up: then nothing is well yet. */
export function wellItems(facts: AlarmFacts | undefined): NoticeItem[] {
  return (facts?.devices ?? []).flatMap(({ udid, name, lastBackupAt }): NoticeItem[] => {
    if (lastBackupAt === undefined) return [];
    const reason = because('well-device', { name, at: lastBackupAt.toISOString() });
    return [{ id: `well:${udid}`, level: 'safe', udid, reason }];
  });
}

/** Monday is 1. */
const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
