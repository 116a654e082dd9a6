import type { Row } from '../../database/index.ts';
import { fromUnixSeconds } from '../../shared/time/apple-time.ts';
import type { ContentDatabase } from '../source/content-database.ts';
import { flagOf, numberOf, textOf } from '../source/row-values.ts';
import { outcomeOf } from './call-records.ts';
import type { Call } from './call.ts';

/** Bits of `flags`. The database's own triggers count calls by the first. */
const OUTGOING = 1;
const FACETIME = 16;

/**
 * The calls of call_history.db (up to iOS 7; iOS 8 and 9 may still have the file), oldest first. They have no
 * identifier: when, with whom and how long is what makes one.
 */
export function* readOldCalls(database: ContentDatabase): Generator<Call, undefined> {
  const columns = database.select('call', 'c', [
    'address',
    'date',
    'flags',
    'duration',
    'name',
    'country_code',
    'read',
    'answered',
  ]);
  for (const row of database.rows(`SELECT ${columns} FROM call c ORDER BY c.date, c.rowid`)) yield callOf(row);
}

function callOf(row: Row): Call {
  const at = fromUnixSeconds(row['date']);
  const flags = numberOf(row['flags']) ?? 0;
  const address = textOf(row['address']) ?? '';
  const direction = (flags & OUTGOING) === 0 ? 'incoming' : 'outgoing';
  const durationSeconds = numberOf(row['duration']);
  // iOS 9 has the column with "yes" as its default, whatever happened: only the time spoken tells.
  const outcome = outcomeOf(direction, { isAnswered: undefined, durationSeconds, filteredOutReason: undefined });
  return {
    key: [numberOf(row['date']), address, direction, durationSeconds].join(' '),
    at,
    direction,
    outcome,
    medium: (flags & FACETIME) === 0 ? 'phone' : 'facetime-video',
    participants: address === '' ? [] : [{ address }],
    durationSeconds,
    callerName: textOf(row['name']),
    provider: undefined,
    location: undefined,
    country: textOf(row['country_code']),
    ownLine: undefined,
    isAnswered: flagOf(row['answered']),
    isRead: flagOf(row['read']),
    isEmergency: undefined,
    hasMessage: undefined,
    junkConfidence: undefined,
    junkCategory: undefined,
    filteredOutReason: undefined,
    disconnectedCause: undefined,
    rawType: flags,
    ...(at === undefined && { problem: 'bad-date' as const }),
  };
}
