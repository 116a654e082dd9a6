import type { Row } from '../../database/index.ts';
import { bytesIfThere } from '../source/bytes-if-there.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Backup, ManifestEntry } from '../../snapshot/index.ts';
import type { Contacts } from '../contacts/open-contacts.ts';
import { openContentDatabase, readIfPossible, type ContentDatabase } from '../source/content-database.ts';
import type { ContentItem } from '../source/content-item.ts';
import { cocoaDateOf, numberOf, textOf, unixDateOf } from '../source/row-values.ts';
import { readStoredMessages, StoredMessages } from './message-store.ts';
import { decodeTranscript, type Transcript } from './transcript.ts';
import { findVoicemailFiles, VOICEMAIL_FOLDER, type VoicemailFiles } from './voicemail-files.ts';
import type { Voicemail } from './voicemail.ts';

const PLACES = [{ domain: 'HomeDomain', relativePath: `${VOICEMAIL_FOLDER}/voicemail.db` }];

/** Bits of `flags`: 67 is what one that was heard has, 75 one that was thrown away, 3 a new one. */
const HEARD = 64;
const TRASHED = 8;

const MAX_TRANSCRIPT_BYTES = 16 * 1024 ** 2;

const OPTIONAL = {
  callbackNumber: 'callback_num',
  receiver: 'receiver',
  durationSeconds: 'duration',
  expiresAt: 'expiration',
  trashedAt: 'trashed_date',
  flags: 'flags',
} as const;

/** The messages on the voice mail that the phone has fetched, and those that were left with FaceTime. */
export class Voicemails implements Disposable {
  /** Fields that this iOS does not record. */
  readonly notAvailable: readonly string[];
  readonly #backup: Backup;
  readonly #database: ContentDatabase | undefined;
  readonly #stored: readonly Voicemail[];
  readonly #files: VoicemailFiles;

  constructor(backup: Backup, database: ContentDatabase | undefined, stored: readonly Voicemail[]) {
    database?.require('voicemail', 'date', 'sender');
    this.#backup = backup;
    this.#database = database;
    this.#stored = stored;
    this.#files = findVoicemailFiles(backup);
    const missing = Object.entries(OPTIONAL).filter(([, column]) => database?.has('voicemail', column) === false);
    const hasAccounts = database === undefined || database.has('map', 'account');
    this.notAvailable = [...missing.map(([field]) => field), ...(hasAccounts ? [] : ['account'])];
  }

  /** Every message, those thrown away included: the network's, oldest first, then those that were left with FaceTime. */
  async *all(): AsyncGenerator<Voicemail, undefined> {
    const stored = new StoredMessages(this.#stored);
    if (this.#database) yield* this.#listed(this.#database, stored);
    yield* stored.rest();
  }

  async *#listed(database: ContentDatabase, stored: StoredMessages): AsyncGenerator<Voicemail, undefined> {
    const accounts = readAccounts(database);
    for (const table of ['voicemail', 'deleted']) {
      if (!database.has(table, 'date')) continue;
      const columns = database.select(table, 'v', [
        'date',
        'sender',
        'remote_uid',
        'uuid',
        'label',
        ...Object.values(OPTIONAL),
      ]);
      // What the phone says was deleted may be a row that is still there.
      for (const row of database.rows(`SELECT v.rowid AS id, ${columns} FROM ${table} v ORDER BY v.date, v.rowid`)) {
        const voicemail = await this.#voicemail(row, accounts, table === 'deleted');
        const same = stored.take(voicemail);
        yield same === undefined ? voicemail : withCopy(voicemail, same);
      }
    }
  }

  /** The greetings that callers hear, recorded by the owner. */
  get greetings(): readonly ManifestEntry[] {
    return this.#files.greetings;
  }

  /** Recordings that no message names; complete when all messages were read. */
  unclaimedRecordings(): readonly ManifestEntry[] {
    return this.#files.unclaimed();
  }

  [Symbol.dispose](): void {
    this.#database?.[Symbol.dispose]();
  }

  async #voicemail(row: Row, accounts: Accounts, isGone: boolean): Promise<Voicemail> {
    const id = Number(row['id']);
    const at = unixDateOf(row['date']) ?? undefined;
    const flags = numberOf(row['flags']);
    const trashedAt = trashDateOf(row);
    // Rows of the other table count for themselves: what is named after their numbers is not theirs.
    const transcript = isGone ? undefined : await this.#transcript(id);
    const problem = transcript === 'unreadable' ? 'unreadable-transcript' : at === undefined ? 'bad-date' : undefined;
    return {
      key: keyOf(row),
      row: id,
      at,
      sender: textOf(row['sender']),
      callbackNumber: textOf(row['callback_num']),
      receiver: textOf(row['receiver']),
      account: accounts === undefined ? undefined : (accounts.get(textOf(row['label']) ?? '') ?? null),
      durationSeconds: numberOf(row['duration']),
      expiresAt: unixDateOf(row['expiration']),
      trashedAt,
      state: isGone ? 'deleted' : stateOf(flags ?? 0, trashedAt),
      flags,
      recording: isGone ? { state: 'not-in-backup' } : this.#files.recording(id),
      transcript: transcript === 'unreadable' ? undefined : transcript,
      ...(problem !== undefined && { problem }),
    };
  }

  async #transcript(row: number): Promise<Transcript | 'unreadable' | undefined> {
    try {
      const bytes = await bytesIfThere(this.#backup, this.#files.transcript(row), MAX_TRANSCRIPT_BYTES);
      return bytes && decodeTranscript(bytes);
    } catch (error) {
      if (isAppError(error, 'FORMAT_INVALID')) return 'unreadable';
      throw error;
    }
  }
}

/**
 * Opens the voice mail of a backup.
 *
 * @returns undefined when the backup has none.
 * @throws {FormatError} when it is damaged, or laid out in a way that is not known.
 */
export async function openVoicemail(backup: Backup): Promise<Voicemails | undefined> {
  const stored = await readStoredMessages(backup);
  const open = async (): Promise<Voicemails | undefined> => {
    using opening = new DisposableStack();
    const database = await openContentDatabase(backup, PLACES);
    if (database === undefined) return undefined;
    opening.use(database);
    const voicemails = new Voicemails(backup, database, stored);
    opening.move();
    return voicemails;
  };
  if (stored.length === 0) return open();
  return (await readIfPossible(backup, 'voicemail.db', open)) ?? new Voicemails(backup, undefined, stored);
}

/** What the list says, with what only the store of FaceTime still has. */
function withCopy(voicemail: Voicemail, { recording, transcript }: Voicemail): Voicemail {
  return {
    ...voicemail,
    recording: voicemail.recording.state === 'in-backup' ? voicemail.recording : recording,
    transcript: voicemail.transcript ?? transcript,
  };
}

/** For searching and for following messages from backup to backup. */
export async function* voicemailItems(
  voicemails: Voicemails,
  contacts?: Contacts,
): AsyncGenerator<ContentItem, undefined> {
  for await (const voicemail of voicemails.all()) {
    const sender = voicemail.sender ?? '';
    const name = contacts?.nameFor(sender);
    yield {
      kind: 'voicemail',
      key: voicemail.key,
      at: voicemail.at,
      title: name ?? (sender === '' ? 'Unknown number' : sender),
      text: [name, sender, voicemail.transcript?.text].filter((each) => each !== undefined && each !== '').join('\n'),
    };
  }
}

/** Which account a label stands for; undefined where this iOS has no table of them. */
type Accounts = ReadonlyMap<string, string> | undefined;

function readAccounts(database: ContentDatabase): Accounts {
  if (!database.has('map', 'account') || !database.has('map', 'label')) return undefined;
  const accounts = new Map<string, string>();
  for (const row of database.rows('SELECT label, account FROM map')) {
    const account = textOf(row['account']);
    if (typeof account === 'string') accounts.set(textOf(row['label']) ?? '', account);
  }
  return accounts;
}

/** Seconds since 2001, unlike all other times of the table; 0 for never. */
function trashDateOf(row: Row): Voicemail['trashedAt'] {
  const value = row['trashed_date'];
  return value === undefined || (numberOf(value) ?? 0) > 0 ? cocoaDateOf(value) : null;
}

function stateOf(flags: number, trashedAt: Voicemail['trashedAt']): Voicemail['state'] {
  if (trashedAt instanceof Date || (flags & TRASHED) !== 0) return 'trashed';
  return (flags & HEARD) === 0 ? 'new' : 'heard';
}

/** Older releases have no identifier: the server's number, the time and the sender make one. */
function keyOf(row: Row): string {
  const uuid = textOf(row['uuid']);
  return uuid || [numberOf(row['remote_uid']), numberOf(row['date']), textOf(row['sender'])].join(' ');
}
