import { decodeProtobuf } from '../../formats/index.ts';
import type { Row } from '../../database/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Backup, ManifestEntry } from '../../snapshot/index.ts';
import { openContentDatabase, readIfPossible } from '../source/content-database.ts';
import { bytesOf, cocoaDateOf, flagOf, numberOf, textOf, uuidOf } from '../source/row-values.ts';
import { decodeTranscript, type Transcript } from './transcript.ts';
import type { Voicemail } from './voicemail.ts';

/**
 * Where FaceTime keeps messages that people leave when nobody answers: sound and pictures, since iOS 17. The newest
 * releases keep what was left with the network there, too.
 */
const DOMAIN = 'AppDomainGroup-group.com.apple.FaceTime';
const STORE = /(?:^|\/)FaceTimeMessageStore[^/]*\.sqlitedb$/;
const RECORDING = /\/Assets\/(?:.*\/)?([0-9a-f]{8}-[0-9a-f-]{27})\.(?:amr|awb|m4a|caf|wav|mp3|mov|mp4|m4v)$/i;

const TABLE = 'ZSTOREDMESSAGE';
const TRASH = 2;
/** The list of the network's messages counts whole seconds. */
const SAME_CALL_MS = 2000;

/** The messages of that store, each given out once. */
export class StoredMessages {
  readonly #messages: Set<Voicemail>;

  constructor(messages: Iterable<Voicemail>) {
    this.#messages = new Set(messages);
  }

  /** The same message, as the list of the network's messages tells of it. */
  take({ sender, at }: Pick<Voicemail, 'sender' | 'at'>): Voicemail | undefined {
    for (const message of this.#messages) {
      const isSame = at && message.at && Math.abs(message.at.getTime() - at.getTime()) < SAME_CALL_MS;
      if (isSame !== true || (message.sender ?? '') !== (sender ?? '')) continue;
      this.#messages.delete(message);
      return message;
    }
    return undefined;
  }

  /** What nothing took, oldest first. */
  rest(): Voicemail[] {
    return [...this.#messages].toSorted((a, b) => (a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0));
  }
}

/** The messages of that store; where it cannot be read, that is noted with the backup. */
export async function readStoredMessages(backup: Backup): Promise<Voicemail[]> {
  const stores: string[] = [];
  const recordings = new Map<string, ManifestEntry>();
  for (const entry of backup.manifest.entries({ domain: DOMAIN })) {
    if (entry.kind !== 'file') continue;
    if (STORE.test(entry.relativePath)) stores.push(entry.relativePath);
    const uuid = RECORDING.exec(entry.relativePath)?.[1];
    if (uuid !== undefined) recordings.set(uuid.toUpperCase(), entry);
  }
  const found = new Map<string, Voicemail>();
  for (const relativePath of stores) {
    await readIfPossible(backup, relativePath, async () => {
      using database = await openContentDatabase(backup, [{ domain: DOMAIN, relativePath }]);
      if (database?.has(TABLE) !== true) return;
      database.require(TABLE, 'ZDATECREATED', 'ZFROM');
      const columns = database.select(TABLE, 'm', COLUMNS);
      const sql = `SELECT m.rowid AS pk, ${columns} FROM ${TABLE} m ORDER BY m.ZDATECREATED, m.rowid`;
      for (const row of database.rows(sql)) {
        const message = messageOf(row, recordings);
        found.set(message.key, message);
      }
    });
  }
  return [...found.values()];
}

const COLUMNS = [
  'ZDATECREATED',
  'ZDATEDELETED',
  'ZDURATION',
  'ZFROM',
  'ZRECIPIENT',
  'ZPROVIDER',
  'ZSIMID',
  'ZISREAD',
  'ZMAILBOXTYPE',
  'ZRECORDUUID',
  'ZTRANSCRIPT',
  'ZTRANSCRIPTDATA',
];

function messageOf(row: Row, recordings: ReadonlyMap<string, ManifestEntry>): Voicemail {
  const at = cocoaDateOf(row['ZDATECREATED']) ?? undefined;
  const uuid = uuidOf(row['ZRECORDUUID'])?.toUpperCase() ?? '';
  const trashedAt = cocoaDateOf(row['ZDATEDELETED']);
  const isTrash = trashedAt instanceof Date || numberOf(row['ZMAILBOXTYPE']) === TRASH;
  const transcript = transcriptOf(row);
  const entry = recordings.get(uuid);
  const problem = transcript === 'unreadable' ? 'unreadable-transcript' : at === undefined ? 'bad-date' : undefined;
  return {
    key: uuid || `facetime ${Number(row['pk'])}`,
    row: Number(row['pk']),
    at,
    sender: textOf(row['ZFROM']),
    callbackNumber: undefined,
    receiver: textOf(row['ZRECIPIENT']),
    account: /facetime/i.test(textOf(row['ZPROVIDER']) ?? '') ? 'FaceTime' : textOf(row['ZSIMID']),
    durationSeconds: numberOf(row['ZDURATION']),
    expiresAt: undefined,
    trashedAt,
    state: isTrash ? 'trashed' : flagOf(row['ZISREAD']) === true ? 'heard' : 'new',
    flags: undefined,
    recording: entry === undefined ? { state: 'not-in-backup' } : { state: 'in-backup', entry },
    transcript: transcript === 'unreadable' ? undefined : transcript,
    ...(problem !== undefined && { problem }),
  };
}

/** An archive and, in newer releases, a list of captions. */
function transcriptOf(row: Row): Transcript | 'unreadable' | undefined {
  const [archive, captions] = [bytesOf(row['ZTRANSCRIPT']), bytesOf(row['ZTRANSCRIPTDATA'])];
  try {
    if (archive && archive.length > 0) return decodeTranscript(archive);
    return captions && captions.length > 0 ? decodeCaptions(captions) : undefined;
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return 'unreadable';
    throw error;
  }
}

/** Each caption (field 1) has its words in field 2. */
function decodeCaptions(bytes: Uint8Array): Transcript | undefined {
  const texts = Array.from(decodeProtobuf(bytes).messages(1)).flatMap((caption) => caption.text(2) || []);
  return texts.length === 0 ? undefined : { text: texts.join(' '), confidence: undefined, segments: [] };
}
