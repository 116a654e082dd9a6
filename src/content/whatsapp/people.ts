import type { Backup } from '../../snapshot/index.ts';
import { openContentDatabase, readIfPossible, type ContentDatabase } from '../source/content-database.ts';
import { cocoaDateOf, textOf, type Recorded } from '../source/row-values.ts';
import { isLid, phoneOfJid, plainJid } from './jid.ts';
import { databasePlaces, type WhatsAppPlaces } from './places.ts';

/** An entry of WhatsApp's copy of the address book. */
export interface WhatsAppContact {
  readonly name: Recorded<string>;
  /** As the address book has it. */
  readonly phone: Recorded<string>;
  readonly phoneLabel: Recorded<string>;
  /** Null for people who are not on WhatsApp. */
  readonly jid: Recorded<string>;
  /** The identifier that hides the number; since 2024. */
  readonly lid: Recorded<string>;
  /** What the person says about themselves. */
  readonly about: Recorded<string>;
  readonly aboutChangedAt: Recorded<Date>;
  /** Of the card in the address book. */
  readonly identifier: Recorded<string>;
}

/** Somebody, by everything that is known of them. */
export interface WhatsAppPerson {
  readonly jid: string;
  /** "+49…", also where the identifier hides it and the phone knows it. */
  readonly phone: string | undefined;
  /** As the owner of the phone calls them; undefined where only a number is known. */
  readonly contactName: string | undefined;
  /** As they call themselves. */
  readonly pushName: string | undefined;
  /** What to show: the name, the one they chose with a "~" before it as WhatsApp does, the number, the identifier. */
  readonly shownName: string;
}

/** Who is who: the address book, the names people gave themselves, and the numbers behind hidden identifiers. */
export class WhatsAppPeople {
  readonly contacts: readonly WhatsAppContact[];
  readonly #contactNames = new Map<string, string>();
  readonly #pushNames = new Map<string, string>();
  readonly #jidByLid = new Map<string, string>();
  readonly #known = new Map<string, WhatsAppPerson>();

  constructor(contacts: readonly WhatsAppContact[]) {
    this.contacts = contacts;
    for (const { jid, lid, name } of contacts) {
      if (jid && lid) this.#jidByLid.set(plainJid(lid), plainJid(jid));
      for (const each of [jid, lid]) if (each) this.addContactName(each, name);
    }
  }

  /** The first name counts: the address book is asked before conversations and groups. */
  addContactName(jid: string, name: Recorded<string>): void {
    const text = cleanName(name);
    const key = plainJid(jid);
    if (text !== undefined && !looksLikeNumber(text) && !this.#contactNames.has(key)) this.#contactNames.set(key, text);
  }

  addPushName(jid: string, name: Recorded<string>): void {
    const text = cleanName(name);
    if (text !== undefined) this.#pushNames.set(plainJid(jid), text);
  }

  addNumberOfLid(lid: string, phone: string): void {
    const digits = phone.replace(/@.*$/, '').replaceAll(/\D/g, '');
    const key = plainJid(lid.includes('@') ? lid : `${lid}@lid`);
    if (digits.length >= 5) this.#jidByLid.set(key, `${digits}@s.whatsapp.net`);
  }

  person(jid: string): WhatsAppPerson {
    let known = this.#known.get(jid);
    if (known === undefined) this.#known.set(jid, (known = this.#look(plainJid(jid))));
    return known;
  }

  #look(jid: string): WhatsAppPerson {
    const numbered = isLid(jid) ? this.#jidByLid.get(jid) : jid;
    const phone = numbered === undefined ? undefined : phoneOfJid(numbered);
    const name = (names: ReadonlyMap<string, string>): string | undefined =>
      names.get(jid) ?? (numbered === undefined ? undefined : names.get(numbered));
    const contactName = name(this.#contactNames);
    const pushName = name(this.#pushNames);
    const shownName = contactName ?? (pushName === undefined ? undefined : `~${pushName}`) ?? phone ?? jid;
    return { jid: numbered ?? jid, phone, contactName, pushName, shownName };
  }
}

/** Reads who is who; every one of its sources may be missing, or may not be readable. */
export async function readPeople(backup: Backup, places: WhatsAppPlaces): Promise<WhatsAppPeople> {
  const open = (name: string): Promise<ContentDatabase | undefined> =>
    readIfPossible(backup, `${name} of ${places.app}`, () => openContentDatabase(backup, databasePlaces(places, name)));
  using contacts = await open('ContactsV2.sqlite');
  const people = new WhatsAppPeople(contacts ? contactsIn(contacts) : []);
  using lids = await open('LID.sqlite');
  if (lids) readLids(lids, people);
  return people;
}

const CONTACTS = 'ZWAADDRESSBOOKCONTACT';

function contactsIn(database: ContentDatabase): WhatsAppContact[] {
  if (!database.has(CONTACTS)) return [];
  const columns = database.select(CONTACTS, 'c', [
    'ZFULLNAME',
    'ZPHONENUMBER',
    'ZPHONENUMBERLABEL',
    'ZWHATSAPPID',
    'ZLID',
    'ZABOUTTEXT',
    'ZABOUTTIMESTAMP',
    'ZIDENTIFIER',
  ]);
  return database.all(`SELECT ${columns} FROM ${CONTACTS} AS c ORDER BY c.rowid`).map((row) => ({
    name: textOf(row['ZFULLNAME']),
    phone: textOf(row['ZPHONENUMBER']),
    phoneLabel: textOf(row['ZPHONENUMBERLABEL'])?.replace(/^_\$!<(.*)>!\$_$/, '$1'),
    jid: textOf(row['ZWHATSAPPID']),
    lid: textOf(row['ZLID']),
    about: textOf(row['ZABOUTTEXT']),
    aboutChangedAt: cocoaDateOf(row['ZABOUTTIMESTAMP']),
    identifier: textOf(row['ZIDENTIFIER']),
  }));
}

/** The numbers behind identifiers that hide them, in the tables of two generations. */
function readLids(database: ContentDatabase, people: WhatsAppPeople): void {
  for (const [table, lid] of [
    ['ZWAPHONENUMBERLIDPAIR', 'ZLID'],
    ['ZWAZACCOUNT', 'ZIDENTIFIER'],
  ] as const) {
    if (!database.has(table, lid) || !database.has(table, 'ZPHONENUMBER')) continue;
    for (const row of database.rows(`SELECT ${lid} AS lid, ZPHONENUMBER AS phone FROM ${table}`)) {
      const [hidden, phone] = [textOf(row['lid']), textOf(row['phone'])];
      if (hidden && phone) people.addNumberOfLid(hidden, phone);
    }
  }
}

/** Without the marks of direction that WhatsApp puts around names. */
function cleanName(name: Recorded<string>): string | undefined {
  const text = name?.replaceAll(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '').trim();
  return text === '' ? undefined : text;
}

/** WhatsApp fills in the number where it has no name. */
const looksLikeNumber = (text: string): boolean => /^[+\d][\d\s\u00a0().-]{4,}$/.test(text);
