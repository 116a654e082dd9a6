import type { DeviceOverview, Reason, Verdict } from '../../../contract/index.ts';
import { isTrusted, type KnownDevice } from './known-device.ts';

const SHOWN_DAYS = 30;

/** What was found out about a device by the rules. */
export interface Judged {
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  readonly next: { readonly dueAt?: Date | undefined; readonly waitingFor: readonly Reason[] };
}

/** One device as the first page shows it. */
export function deviceOverview(device: KnownDevice, judged: Judged, now: Date): DeviceOverview {
  const { udid, name, productType, model, productVersion, presence, pair, snapshots, job } = device;
  const [newest] = snapshots;
  const battery = presence?.facts?.battery;
  const lastSeenAt = latest(presence?.lastSeenAt, pair?.lastContactAt);
  return {
    udid,
    name,
    ...defined({ productType, model, productVersion, link: presence?.link, locked: presence?.locked }),
    ...defined({ batteryPercent: wholePercent(battery?.percent), onPower: battery?.externalPower }),
    ...defined({ lastSeenAt: lastSeenAt?.toISOString(), job: job?.id }),
    ...defined({ encrypted: presence?.facts?.willEncrypt ?? newest?.encrypted }),
    trusted: isTrusted(device),
    verdict: judged.verdict,
    reasons: [...judged.reasons],
    ...(newest && { lastBackup: { snapshot: newest.id, at: newest.takenAt.toISOString(), bytes: newest.list.bytes } }),
    next: {
      ...defined({ dueAt: judged.next.dueAt?.toISOString() }),
      waitingFor: [...judged.next.waitingFor],
    },
    snapshots: snapshots.length,
    days: lastDays(device, now),
  };
}

/** What happened on each of the last days, the oldest first, by the clock on the wall of this computer. */
function lastDays({ tries, snapshots }: KnownDevice, now: Date): DeviceOverview['days'] {
  const states = new Map<string, DeviceOverview['days'][number]['state']>();
  const backups = tries.filter(({ kind }) => kind === 'backup');
  for (const { at, outcome } of backups) {
    const day = localDay(at);
    const before = states.get(day);
    if (outcome === 'done') states.set(day, 'done');
    else if (outcome === 'failed' && before !== 'done') states.set(day, 'failed');
    else if (outcome === 'not-confirmed' && before === undefined) states.set(day, 'not-confirmed');
  }
  // Those of another computer, or from before there was a history.
  for (const { takenAt } of snapshots) states.set(localDay(takenAt), 'done');
  return Array.from({ length: SHOWN_DAYS }, (_, i) => {
    const day = localDay(daysBefore(now, SHOWN_DAYS - 1 - i));
    return { day, state: states.get(day) ?? 'none' };
  });
}

/** The same time of day, so that a day of 23 hours is not told twice. */
function daysBefore(now: Date, days: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - days, 12);
}

function localDay(date: Date): string {
  const [year, month, day] = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function latest(...dates: (Date | undefined)[]): Date | undefined {
  const known = dates.filter((date) => date !== undefined);
  return known.length === 0 ? undefined : new Date(Math.max(...known.map(Number)));
}

function wholePercent(percent: number | undefined): number | undefined {
  return percent === undefined ? undefined : Math.min(100, Math.max(0, Math.round(percent)));
}

/** Without what is not known, which the contract leaves out. */
function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  // Only entries without a value are gone.
  return Object.fromEntries(known) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
