import type { Row } from '../../database/index.ts';
import type { ContentDatabase } from '../source/content-database.ts';
import { cocoaDateOf, flagOf, numberOf, textOf, type Recorded } from '../source/row-values.ts';
import type { WhatsAppPeople, WhatsAppPerson } from './people.ts';

export interface WhatsAppCall {
  readonly row: number;
  /** WhatsApp's own id; newer versions only. */
  readonly callId: Recorded<string>;
  readonly startedAt: Recorded<Date>;
  readonly durationSeconds: Recorded<number>;
  readonly isIncoming: boolean | undefined;
  readonly isVideo: boolean | undefined;
  readonly outcome: 'ended' | 'missed' | 'rejected' | 'unknown';
  /** Everybody but the owner of the phone. */
  readonly participants: readonly WhatsAppPerson[];
  readonly groupJid: Recorded<string>;
}

const EVENTS = 'ZWACDCALLEVENT';
const PARTICIPANTS = 'ZWACDCALLEVENTPARTICIPANT';
const AGGREGATES = 'ZWAAGGREGATECALLEVENT';

const OUTCOMES: Readonly<Record<number, WhatsAppCall['outcome']>> = { 0: 'ended', 1: 'missed', 4: 'rejected' };

/** Calls, the oldest first. */
export function readCalls(database: ContentDatabase, people: WhatsAppPeople): WhatsAppCall[] {
  database.require(EVENTS, 'Z_PK', 'ZDATE');
  const columns = [
    database.select(EVENTS, 'c', [
      ['Z_PK', 'row'],
      'ZDATE',
      'ZDURATION',
      'ZOUTCOME',
      'ZCALLIDSTRING',
      'ZGROUPJIDSTRING',
      'ZGROUPCALLCREATORUSERJIDSTRING',
    ]),
  ];
  // The name of the column comes from the model of the app: Z1CALLEVENTS so far.
  const link = [...database.columns(EVENTS)].find((column) => /^Z\d*CALLEVENTS$/.test(column));
  let join = '';
  if (link !== undefined && database.has(AGGREGATES, 'Z_PK')) {
    columns.push(database.select(AGGREGATES, 'a', ['ZINCOMING', 'ZVIDEO', 'ZMISSED']));
    join = ` LEFT JOIN ${AGGREGATES} AS a ON a.Z_PK = c.${link}`;
  }
  const participants = readParticipants(database, people);
  const rows = database.all(`SELECT ${columns.join(', ')} FROM ${EVENTS} AS c${join} ORDER BY c.ZDATE, c.Z_PK`);
  return rows.map((row) => callOf(row, participants.get(Number(row['row'])) ?? []));
}

function callOf(row: Row, participants: readonly WhatsAppPerson[]): WhatsAppCall {
  const creator = textOf(row['ZGROUPCALLCREATORUSERJIDSTRING']);
  const incoming = flagOf(row['ZINCOMING']);
  // Who called is one of the others, or the owner: older versions say it in no other way.
  const byCreator = creator && participants.length > 0 ? participants.some(({ jid }) => jid === creator) : undefined;
  return {
    row: Number(row['row']),
    callId: textOf(row['ZCALLIDSTRING']),
    startedAt: cocoaDateOf(row['ZDATE']),
    durationSeconds: numberOf(row['ZDURATION']),
    isIncoming: incoming ?? byCreator,
    isVideo: flagOf(row['ZVIDEO']) ?? undefined,
    outcome: OUTCOMES[numberOf(row['ZOUTCOME']) ?? -1] ?? 'unknown',
    participants,
    groupJid: textOf(row['ZGROUPJIDSTRING']),
  };
}

function readParticipants(database: ContentDatabase, people: WhatsAppPeople): Map<number, WhatsAppPerson[]> {
  const byCall = new Map<number, WhatsAppPerson[]>();
  const link = [...database.columns(PARTICIPANTS)].find((column) => /^Z\d*PARTICIPANTS$/.test(column));
  if (link === undefined || !database.has(PARTICIPANTS, 'ZJIDSTRING')) return byCall;
  const sql = `SELECT ${link} AS call, ZJIDSTRING AS jid FROM ${PARTICIPANTS} WHERE ZJIDSTRING IS NOT NULL ORDER BY rowid`;
  for (const { call, jid } of database.rows(sql)) {
    const list = byCall.get(Number(call)) ?? [];
    byCall.set(Number(call), [...list, people.person(String(jid))]);
  }
  return byCall;
}
