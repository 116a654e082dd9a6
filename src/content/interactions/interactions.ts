import type { Row } from '../../database/index.ts';
import type { Backup } from '../../snapshot/index.ts';
import type { Contacts } from '../contacts/open-contacts.ts';
import { openContentDatabase, type ContentDatabase } from '../source/content-database.ts';
import type { ContentItem } from '../source/content-item.ts';
import { findJoinTable, readJoinTable } from '../source/join-table.ts';
import { cocoaDateOf, flagOf, numberOf, textOf, uuidOf, type Recorded } from '../source/row-values.ts';

const PLACES = [{ domain: 'HomeDomain', relativePath: 'Library/CoreDuet/People/interactionC.db' }];

/** Somebody was written to, called, or sent something from, in any app: what the phone learns its suggestions from. */
export interface Interaction {
  /** The same in every backup of a device, where this iOS has identifiers. */
  readonly key: string;
  readonly startedAt: Recorded<Date>;
  readonly endedAt: Recorded<Date>;
  readonly direction: 'incoming' | 'outgoing' | 'unknown';
  /** The app: "com.apple.MobileSMS". */
  readonly app: Recorded<string>;
  /** Where something was shared to. */
  readonly targetApp: Recorded<string>;
  readonly account: Recorded<string>;
  readonly domain: Recorded<string>;
  readonly groupName: Recorded<string>;
  readonly isResponse: Recorded<boolean>;
  /** Apple's number for the way it went. */
  readonly mechanism: Recorded<number>;
  readonly sender: InteractionPerson | undefined;
  readonly recipients: readonly InteractionPerson[];
  readonly recipientCount: Recorded<number>;
  readonly attachments: readonly InteractionAttachment[];
  /** A person or an attachment is named that the tables lack. */
  readonly problem?: 'missing-related';
}

export interface InteractionPerson {
  readonly name: Recorded<string>;
  /** A number, an address, an app's own name for somebody. */
  readonly identifier: Recorded<string>;
}

export interface InteractionAttachment {
  readonly text: Recorded<string>;
  /** Uniform type identifier: "public.jpeg". */
  readonly type: Recorded<string>;
  readonly address: Recorded<string>;
}

const FIELDS = {
  startedAt: 'ZSTARTDATE',
  endedAt: 'ZENDDATE',
  app: 'ZBUNDLEID',
  targetApp: 'ZTARGETBUNDLEID',
  account: 'ZACCOUNT',
  domain: 'ZDOMAINIDENTIFIER',
  groupName: 'ZGROUPNAME',
  isResponse: 'ZISRESPONSE',
  mechanism: 'ZMECHANISM',
  recipientCount: 'ZRECIPIENTCOUNT',
} as const;

const DIRECTIONS: Readonly<Record<number, Interaction['direction']>> = { 0: 'incoming', 1: 'outgoing' };

/** What the phone wrote down of whom its owner was in touch with; about the last months. */
export class Interactions implements Disposable {
  /** Fields that this iOS does not record. */
  readonly notAvailable: readonly string[];
  readonly #database: ContentDatabase;

  constructor(database: ContentDatabase) {
    database.require('ZINTERACTIONS', 'ZSTARTDATE', 'ZBUNDLEID');
    this.#database = database;
    this.notAvailable = Object.entries(FIELDS)
      .filter(([, column]) => !database.has('ZINTERACTIONS', column))
      .map(([field]) => field);
  }

  /** Every one of them, oldest first. */
  *all(): Generator<Interaction, undefined> {
    const database = this.#database;
    const related: Related = {
      people: readPeople(database),
      attachments: readAttachments(database),
      recipientsOf: readJoinTable(database, findJoinTable(database, RECIPIENTS)),
      attachmentsOf: readJoinTable(database, findJoinTable(database, ATTACHMENTS)),
    };
    const wanted = ['ZUUID', 'ZDIRECTION', 'ZSENDER', ...Object.values(FIELDS)];
    const columns = database.select('ZINTERACTIONS', 'i', wanted);
    const sql = `SELECT i.rowid AS pk, ${columns} FROM ZINTERACTIONS i ORDER BY i.ZSTARTDATE, i.rowid`;
    for (const row of database.rows(sql)) yield interactionOf(row, related);
  }

  [Symbol.dispose](): void {
    this.#database[Symbol.dispose]();
  }
}

/** @returns undefined when the backup has none. @throws {FormatError} when they are damaged or laid out unknown. */
export async function openInteractions(backup: Backup): Promise<Interactions | undefined> {
  const database = await openContentDatabase(backup, PLACES);
  if (database === undefined) return undefined;
  try {
    return new Interactions(database);
  } catch (error) {
    database[Symbol.dispose]();
    throw error;
  }
}

/** The other people of an interaction: by the address book, else as the app called them. */
export function namesOfInteraction(interaction: Interaction, contacts: Contacts | undefined): string[] {
  const { direction, sender, recipients } = interaction;
  const people = direction === 'incoming' && sender !== undefined ? [sender] : recipients;
  return people.map(({ name, identifier }) => contacts?.nameFor(identifier ?? '') ?? name ?? identifier ?? 'Unknown');
}

/** For searching. */
export function* interactionsItems(interactions: Interactions, contacts?: Contacts): Generator<ContentItem, undefined> {
  for (const interaction of interactions.all()) {
    const names = namesOfInteraction(interaction, contacts);
    const people = [interaction.sender, ...interaction.recipients].flatMap((person) => [
      person?.name,
      person?.identifier,
    ]);
    const texts = [...names, ...people, interaction.groupName, interaction.app];
    yield {
      kind: 'interactions',
      key: interaction.key,
      at: interaction.startedAt ?? undefined,
      title: names.join(', ') || (interaction.groupName ?? interaction.app ?? 'Unknown'),
      text: [...new Set(texts.filter((text) => typeof text === 'string' && text !== ''))].join('\n'),
    };
  }
}

/** What the join tables are called, less their numbers. */
const RECIPIENTS = { table: 'INTERACTIONRECIPIENT', left: 'INTERACTIONRECIPIENT', right: 'RECIPIENTS' };
const ATTACHMENTS = { table: 'INTERACTIONS', left: 'INTERACTIONS', right: 'ATTACHMENTS' };

interface Related {
  readonly people: ReadonlyMap<number, InteractionPerson>;
  readonly attachments: ReadonlyMap<number, InteractionAttachment>;
  readonly recipientsOf: ReadonlyMap<number, readonly number[]>;
  readonly attachmentsOf: ReadonlyMap<number, readonly number[]>;
}

function interactionOf(row: Row, { people, attachments, recipientsOf, attachmentsOf }: Related): Interaction {
  const pk = Number(row['pk']);
  const senderKey = numberOf(row['ZSENDER']) ?? undefined;
  const sender = senderKey === undefined ? undefined : people.get(senderKey);
  const [recipientKeys, attachmentKeys] = [recipientsOf.get(pk) ?? [], attachmentsOf.get(pk) ?? []];
  const recipients = recipientKeys.map((key) => people.get(key)).filter((person) => person !== undefined);
  const attached = attachmentKeys.map((key) => attachments.get(key)).filter((each) => each !== undefined);
  const isWhole = recipients.length === recipientKeys.length && attached.length === attachmentKeys.length;
  return {
    key: uuidOf(row['ZUUID']) ?? `row ${pk}`,
    startedAt: cocoaDateOf(row[FIELDS.startedAt]),
    endedAt: cocoaDateOf(row[FIELDS.endedAt]),
    direction: DIRECTIONS[numberOf(row['ZDIRECTION']) ?? -1] ?? 'unknown',
    app: textOf(row[FIELDS.app]),
    targetApp: textOf(row[FIELDS.targetApp]),
    account: textOf(row[FIELDS.account]),
    domain: textOf(row[FIELDS.domain]),
    groupName: textOf(row[FIELDS.groupName]),
    isResponse: flagOf(row[FIELDS.isResponse]),
    mechanism: numberOf(row[FIELDS.mechanism]),
    sender,
    recipients,
    recipientCount: numberOf(row[FIELDS.recipientCount]),
    attachments: attached,
    ...(!(isWhole && (senderKey === undefined || sender !== undefined)) && { problem: 'missing-related' as const }),
  };
}

function readPeople(database: ContentDatabase): Map<number, InteractionPerson> {
  const people = new Map<number, InteractionPerson>();
  if (!database.has('ZCONTACTS')) return people;
  const columns = database.select('ZCONTACTS', 'c', ['ZDISPLAYNAME', 'ZIDENTIFIER']);
  for (const row of database.rows(`SELECT c.rowid AS pk, ${columns} FROM ZCONTACTS c`)) {
    people.set(Number(row['pk']), { name: textOf(row['ZDISPLAYNAME']), identifier: textOf(row['ZIDENTIFIER']) });
  }
  return people;
}

function readAttachments(database: ContentDatabase): Map<number, InteractionAttachment> {
  const attachments = new Map<number, InteractionAttachment>();
  if (!database.has('ZATTACHMENT')) return attachments;
  const columns = database.select('ZATTACHMENT', 'a', ['ZCONTENTTEXT', 'ZUTI', 'ZCONTENTURL']);
  for (const row of database.rows(`SELECT a.rowid AS pk, ${columns} FROM ZATTACHMENT a`)) {
    const [text, type] = [textOf(row['ZCONTENTTEXT']), textOf(row['ZUTI'])];
    attachments.set(Number(row['pk']), { text, type, address: textOf(row['ZCONTENTURL']) });
  }
  return attachments;
}
