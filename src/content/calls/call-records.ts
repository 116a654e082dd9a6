import type { Row } from '../../database/index.ts';
import { fromCocoaSeconds } from '../../shared/time/apple-time.ts';
import type { ContentDatabase } from '../source/content-database.ts';
import { findJoinTable, readJoinTable } from '../source/join-table.ts';
import { flagOf, numberOf, textOf } from '../source/row-values.ts';
import type { Call, CallMedium, CallOutcome, CallParticipant } from './call.ts';

/** Values of ZCALLTYPE. */
const MEDIA: Readonly<Record<number, CallMedium>> = { 0: 'app', 1: 'phone', 8: 'facetime-video', 16: 'facetime-audio' };

/** Columns that become fields of their own, by the field; iOS 8 has a third of them. */
export const CALL_COLUMNS = {
  durationSeconds: 'ZDURATION',
  callerName: 'ZNAME',
  provider: 'ZSERVICE_PROVIDER',
  location: 'ZLOCATION',
  country: 'ZISO_COUNTRY_CODE',
  ownLine: 'ZLOCALPARTICIPANTHANDLE',
  isAnswered: 'ZANSWERED',
  isRead: 'ZREAD',
  isEmergency: 'ZWASEMERGENCYCALL',
  hasMessage: 'ZHASMESSAGE',
  junkConfidence: 'ZJUNKCONFIDENCE',
  junkCategory: 'ZJUNKIDENTIFICATIONCATEGORY',
  filteredOutReason: 'ZFILTERED_OUT_REASON',
  disconnectedCause: 'ZDISCONNECTED_CAUSE',
  rawType: 'ZCALLTYPE',
} as const;

/** Written where the phone looked for a place and found none. */
const NO_LOCATION = /^<<.*>>$/;

/** The calls of CallHistory.storedata (iOS 8 and later), oldest first, one at a time. */
export function* readCallRecords(database: ContentDatabase): Generator<Call, undefined> {
  const handles = readHandles(database);
  const names = {
    table: 'REMOTEPARTICIPANTHANDLES',
    left: 'REMOTEPARTICIPANTCALLS',
    right: 'REMOTEPARTICIPANTHANDLES',
  };
  const participants = readJoinTable(database, findJoinTable(database, names));
  const columns = database.select('ZCALLRECORD', 'c', [
    'ZDATE',
    'ZORIGINATED',
    'ZADDRESS',
    'ZUNIQUE_ID',
    ...Object.values(CALL_COLUMNS),
  ]);
  const sql = `SELECT c.rowid AS pk, ${columns} FROM ZCALLRECORD c ORDER BY c.ZDATE, c.rowid`;
  for (const row of database.rows(sql)) yield callOf(row, participants.get(Number(row['pk'])) ?? [], handles);
}

function callOf(row: Row, keys: readonly number[], handles: ReadonlyMap<number, CallParticipant>): Call {
  const at = fromCocoaSeconds(row['ZDATE']);
  const known = keys.map((key) => handles.get(key)).filter((handle) => handle !== undefined);
  const direction = numberOf(row['ZORIGINATED']) === 1 ? 'outgoing' : 'incoming';
  const fields = fieldsOf(row, handles);
  const problem = known.length < keys.length ? 'unknown-participant' : at === undefined ? 'bad-date' : undefined;
  return {
    key: textOf(row['ZUNIQUE_ID']) ?? `row ${Number(row['pk'])}`,
    at,
    direction,
    outcome: outcomeOf(direction, fields),
    medium: MEDIA[fields.rawType ?? -1] ?? 'unknown',
    participants: participantsOf(textOf(row['ZADDRESS']) ?? '', known),
    ...fields,
    ...(problem !== undefined && { problem }),
  };
}

type Fields = Pick<Call, keyof typeof CALL_COLUMNS>;

function fieldsOf(row: Row, handles: ReadonlyMap<number, CallParticipant>): Fields {
  const own = row[CALL_COLUMNS.ownLine];
  const location = textOf(row[CALL_COLUMNS.location]);
  return {
    durationSeconds: numberOf(row[CALL_COLUMNS.durationSeconds]),
    callerName: textOf(row[CALL_COLUMNS.callerName]),
    provider: textOf(row[CALL_COLUMNS.provider]),
    location: typeof location === 'string' && NO_LOCATION.test(location) ? null : location,
    country: textOf(row[CALL_COLUMNS.country]),
    ownLine: own === undefined ? undefined : (handles.get(Number(own))?.address ?? null),
    isAnswered: flagOf(row[CALL_COLUMNS.isAnswered]),
    isRead: flagOf(row[CALL_COLUMNS.isRead]),
    isEmergency: flagOf(row[CALL_COLUMNS.isEmergency]),
    hasMessage: flagOf(row[CALL_COLUMNS.hasMessage]),
    junkConfidence: numberOf(row[CALL_COLUMNS.junkConfidence]),
    junkCategory: textOf(row[CALL_COLUMNS.junkCategory]),
    filteredOutReason: numberOf(row[CALL_COLUMNS.filteredOutReason]),
    disconnectedCause: numberOf(row[CALL_COLUMNS.disconnectedCause]),
    rawType: numberOf(row[CALL_COLUMNS.rawType]),
  };
}

/** A call that was silenced before it could be answered was blocked, whoever else is said to have missed it. */
export function outcomeOf(
  direction: Call['direction'],
  {
    isAnswered,
    durationSeconds,
    filteredOutReason,
  }: Pick<Fields, 'isAnswered' | 'durationSeconds' | 'filteredOutReason'>,
): CallOutcome {
  const spoke = isAnswered === true || (durationSeconds ?? 0) > 0;
  if (direction === 'outgoing') return spoke ? 'connected' : 'not-reached';
  if (spoke) return 'answered';
  return (filteredOutReason ?? 0) > 0 ? 'blocked' : 'missed';
}

/** The call's own address is one of its participants, mostly; before iOS 13 it is the only one. */
function participantsOf(address: string, handles: readonly CallParticipant[]): CallParticipant[] {
  const isListed = handles.some((handle) => handle.address === address || handle.normalized === address);
  return address === '' || isListed || handles.length > 0 ? [...handles] : [{ address }];
}

function readHandles(database: ContentDatabase): Map<number, CallParticipant> {
  const handles = new Map<number, CallParticipant>();
  if (!database.has('ZHANDLE', 'ZVALUE')) return handles;
  const columns = database.select('ZHANDLE', 'h', ['ZVALUE', 'ZNORMALIZEDVALUE']);
  for (const row of database.rows(`SELECT h.rowid AS pk, ${columns} FROM ZHANDLE h`)) {
    const normalized = textOf(row['ZNORMALIZEDVALUE']);
    const address = textOf(row['ZVALUE']) ?? normalized;
    if (typeof address !== 'string' || address === '') continue;
    handles.set(Number(row['pk']), { address, ...(normalized && { normalized }) });
  }
  return handles;
}
