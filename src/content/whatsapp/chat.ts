import type { SqlValue } from '../../database/index.ts';
import type { ContentDatabase } from '../source/content-database.ts';
import { cocoaDateOf, flagOf, numberOf, textOf, type Recorded } from '../source/row-values.ts';
import { chatKindOf, type ChatKind } from './jid.ts';
import type { WhatsAppPeople, WhatsAppPerson } from './people.ts';
import { EPOCH_2001_MS } from '../../shared/time/apple-time.ts';

export interface WhatsAppMember {
  readonly person: WhatsAppPerson;
  readonly isAdmin: boolean;
  /** Whether they were in the group when the backup was made. */
  readonly isActive: boolean;
}

/** A conversation. */
export interface WhatsAppChat {
  readonly row: number;
  readonly jid: string | undefined;
  readonly kind: ChatKind;
  /** The name of the other side or of the group. */
  readonly title: string;
  readonly isArchived: Recorded<boolean>;
  /** Taken from the list by the owner; messages may still be there. */
  readonly isRemoved: Recorded<boolean>;
  readonly unreadCount: Recorded<number>;
  readonly lastMessageAt: Recorded<Date>;
  /** Of groups: everybody who has ever been in it. */
  readonly members: readonly WhatsAppMember[];
  readonly createdAt: Recorded<Date>;
}

const SESSIONS = 'ZWACHATSESSION';
const MEMBERS = 'ZWAGROUPMEMBER';

/** All conversations by row; names in them are added to what is known of people. */
export function readChats(database: ContentDatabase, people: WhatsAppPeople): Map<number, WhatsAppChat> {
  database.require(SESSIONS, 'Z_PK');
  const columns = database.select(SESSIONS, 's', [
    ['Z_PK', 'row'],
    'ZCONTACTJID',
    'ZPARTNERNAME',
    'ZSESSIONTYPE',
    'ZARCHIVED',
    'ZREMOVED',
    'ZUNREADCOUNT',
    'ZLASTMESSAGEDATE',
  ]);
  const rows = database.all(`SELECT ${columns} FROM ${SESSIONS} AS s ORDER BY Z_PK`);
  for (const row of rows) {
    const jid = textOf(row['ZCONTACTJID']);
    if (jid && chatKindOf(jid, numberOf(row['ZSESSIONTYPE'])) === 'private') {
      people.addContactName(jid, textOf(row['ZPARTNERNAME']));
    }
  }
  const members = readMembers(database, people);
  const created = readGroupDates(database);
  return new Map(
    rows.map((row) => {
      const number = Number(row['row']);
      const jid = textOf(row['ZCONTACTJID']) ?? undefined;
      const kind = chatKindOf(jid, numberOf(row['ZSESSIONTYPE']));
      const chat: WhatsAppChat = {
        row: number,
        jid,
        kind,
        title: titleOf(kind, jid, textOf(row['ZPARTNERNAME']), people),
        isArchived: flagOf(row['ZARCHIVED']),
        isRemoved: flagOf(row['ZREMOVED']),
        unreadCount: numberOf(row['ZUNREADCOUNT']),
        lastMessageAt: lastDateOf(row['ZLASTMESSAGEDATE']),
        members: kind === 'private' ? [] : (members.get(number) ?? []),
        createdAt: created.get(number),
      };
      return [number, chat];
    }),
  );
}

const THOUSAND_YEARS_FROM = Date.UTC(3001, 0) / 1000 - EPOCH_2001_MS / 1000;

/** What is pinned is thousands of years late, which keeps it at the top: day and time are right. */
function lastDateOf(value: SqlValue | undefined): Recorded<Date> {
  const seconds = Number(value ?? NaN);
  if (!(seconds >= THOUSAND_YEARS_FROM)) return cocoaDateOf(value);
  const date = new Date((seconds + EPOCH_2001_MS / 1000) * 1000);
  date.setUTCFullYear(2000 + (date.getUTCFullYear() % 1000));
  return Number.isNaN(date.getTime()) ? null : date;
}

function titleOf(kind: ChatKind, jid: string | undefined, name: Recorded<string>, people: WhatsAppPeople): string {
  const shown = name?.replaceAll(/[\u200e\u200f]/g, '').trim();
  if (shown) return shown;
  if (kind === 'status') return 'Status';
  return jid === undefined ? 'Unknown' : people.person(jid).shownName;
}

function readMembers(database: ContentDatabase, people: WhatsAppPeople): Map<number, WhatsAppMember[]> {
  const byChat = new Map<number, WhatsAppMember[]>();
  if (!database.has(MEMBERS, 'ZMEMBERJID') || !database.has(MEMBERS, 'ZCHATSESSION')) return byChat;
  const columns = database.select(MEMBERS, 'm', [
    'ZCHATSESSION',
    'ZMEMBERJID',
    'ZCONTACTNAME',
    'ZFIRSTNAME',
    'ZISADMIN',
    'ZISACTIVE',
  ]);
  const rows = database.all(`SELECT ${columns} FROM ${MEMBERS} AS m WHERE m.ZMEMBERJID IS NOT NULL ORDER BY m.rowid`);
  for (const row of rows) {
    people.addContactName(String(row['ZMEMBERJID']), textOf(row['ZCONTACTNAME']) || textOf(row['ZFIRSTNAME']));
  }
  for (const row of rows) {
    const chat = Number(row['ZCHATSESSION']);
    const list = byChat.get(chat) ?? [];
    byChat.set(chat, list);
    addMember(list, {
      person: people.person(String(row['ZMEMBERJID'])),
      isAdmin: flagOf(row['ZISADMIN']) === true,
      isActive: flagOf(row['ZISACTIVE']) !== false,
    });
  }
  return byChat;
}

/** One person may have two rows: by number, and by the identifier that hides it. */
function addMember(list: WhatsAppMember[], member: WhatsAppMember): void {
  const index = list.findIndex(({ person }) => person.jid === member.person.jid);
  const known = list[index];
  if (known === undefined) list.push(member);
  else {
    const [isAdmin, isActive] = [known.isAdmin || member.isAdmin, known.isActive || member.isActive];
    list[index] = { person: known.person, isAdmin, isActive };
  }
}

function readGroupDates(database: ContentDatabase): Map<number, Recorded<Date>> {
  const table = 'ZWAGROUPINFO';
  if (!database.has(table, 'ZCHATSESSION') || !database.has(table, 'ZCREATIONDATE')) return new Map();
  const rows = database.all(`SELECT ZCHATSESSION AS chat, ZCREATIONDATE AS created FROM ${table}`);
  return new Map(rows.map(({ chat, created }) => [Number(chat), cocoaDateOf(created)]));
}
