import type { Backup } from '../../snapshot/index.ts';
import { openContentDatabase, type ContentDatabase } from '../source/content-database.ts';
import type { ContentItem } from '../source/content-item.ts';
import { cocoaDateOf, numberOf, textOf, type Recorded } from '../source/row-values.ts';
import { appendTo } from '../../shared/append-to.ts';

const PLACES = [{ domain: 'WirelessDomain', relativePath: 'Library/Databases/DataUsage.sqlite' }];

/** What one process has sent and received. */
export interface DataUsage {
  /** Its bundle id or, for parts of iOS, its name. */
  readonly key: string;
  readonly process: Recorded<string>;
  readonly app: Recorded<string>;
  readonly firstSeenAt: Recorded<Date>;
  readonly lastSeenAt: Recorded<Date>;
  /** Single counts, mostly a day each. */
  readonly periods: readonly UsagePeriod[];
}

export interface UsagePeriod {
  readonly at: Recorded<Date>;
  readonly cellularInBytes: Recorded<number>;
  readonly cellularOutBytes: Recorded<number>;
  readonly wifiInBytes: Recorded<number>;
  readonly wifiOutBytes: Recorded<number>;
  /** Apple's numbers for what is counted. */
  readonly kind: Recorded<number>;
  readonly tag: Recorded<number>;
  readonly billCycleEndsAt: Recorded<Date>;
}

export interface DataUsages {
  /** By process, as the table has them. */
  readonly processes: readonly DataUsage[];
  /** Counts of processes that are no longer listed. */
  readonly withoutProcess: readonly UsagePeriod[];
  readonly notAvailable: readonly string[];
}

const PERIOD_COLUMNS = {
  at: 'ZTIMESTAMP',
  cellularInBytes: 'ZWWANIN',
  cellularOutBytes: 'ZWWANOUT',
  wifiInBytes: 'ZWIFIIN',
  wifiOutBytes: 'ZWIFIOUT',
  kind: 'ZKIND',
  tag: 'ZTAG',
  billCycleEndsAt: 'ZBILLCYCLEEND',
} as const;

/**
 * Reads how much data each app has used: some thousand counts.
 *
 * @returns undefined when the backup has none.
 * @throws {FormatError} when it is damaged, or laid out in a way that is not known.
 */
export async function openDataUsage(backup: Backup): Promise<DataUsages | undefined> {
  using database = await openContentDatabase(backup, PLACES);
  if (database === undefined) return undefined;
  database.require('ZPROCESS', 'ZPROCNAME');
  const periods = readPeriods(database);
  const columns = database.select('ZPROCESS', 'p', ['ZPROCNAME', 'ZBUNDLENAME', 'ZFIRSTTIMESTAMP', 'ZTIMESTAMP']);
  const processes: DataUsage[] = [];
  for (const row of database.rows(`SELECT p.rowid AS pk, ${columns} FROM ZPROCESS p ORDER BY p.rowid`)) {
    const pk = Number(row['pk']);
    const [process, app] = [textOf(row['ZPROCNAME']), textOf(row['ZBUNDLENAME'])];
    processes.push({
      key: [app, process?.replace(/^[0-9A-F-]{36}\//, '')].filter(Boolean).join(' ') || `row ${pk}`,
      process,
      app,
      firstSeenAt: cocoaDateOf(row['ZFIRSTTIMESTAMP']),
      lastSeenAt: cocoaDateOf(row['ZTIMESTAMP']),
      periods: periods.get(pk) ?? [],
    });
    periods.delete(pk);
  }
  return {
    processes,
    withoutProcess: [...periods.values()].flat(),
    notAvailable: Object.entries(PERIOD_COLUMNS)
      .filter(([, column]) => !database.has('ZLIVEUSAGE', column))
      .map(([field]) => field),
  };
}

function readPeriods(database: ContentDatabase): Map<number, UsagePeriod[]> {
  const byProcess = new Map<number, UsagePeriod[]>();
  if (!database.has('ZLIVEUSAGE', 'ZHASPROCESS')) return byProcess;
  const columns = database.select('ZLIVEUSAGE', 'u', ['ZHASPROCESS', ...Object.values(PERIOD_COLUMNS)]);
  for (const row of database.rows(`SELECT ${columns} FROM ZLIVEUSAGE u ORDER BY u.rowid`)) {
    const period = {
      at: cocoaDateOf(row[PERIOD_COLUMNS.at]),
      cellularInBytes: numberOf(row[PERIOD_COLUMNS.cellularInBytes]),
      cellularOutBytes: numberOf(row[PERIOD_COLUMNS.cellularOutBytes]),
      wifiInBytes: numberOf(row[PERIOD_COLUMNS.wifiInBytes]),
      wifiOutBytes: numberOf(row[PERIOD_COLUMNS.wifiOutBytes]),
      kind: numberOf(row[PERIOD_COLUMNS.kind]),
      tag: numberOf(row[PERIOD_COLUMNS.tag]),
      billCycleEndsAt: cocoaDateOf(row[PERIOD_COLUMNS.billCycleEndsAt]),
    };
    appendTo(byProcess, Number(row['ZHASPROCESS']), period);
  }
  return byProcess;
}

/** For searching. */
export function* dataUsageItems({ processes }: DataUsages): Generator<ContentItem, undefined> {
  for (const { key, process, app, lastSeenAt } of processes) {
    const text = [app, process].filter(Boolean).join('\n');
    yield { kind: 'data-usage', key, at: lastSeenAt ?? undefined, title: app ?? process ?? key, text };
  }
}
