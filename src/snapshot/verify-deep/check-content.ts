import { createHash, type Hash } from 'node:crypto';
import { isDatabase, openDatabase, openDatabaseBytes, withWriteAheadLog } from '../../database/index.ts';
import { decodeBinaryPlist } from '../../formats/index.ts';
import { decryptFileStart, FileDecryptor, hasIntactPadding } from '../../keybag/index.ts';
import { isAppError } from '../../shared/errors.ts';
import { checkDatabase, type DatabaseVerdict } from './check-database.ts';

/** What is known of a content before it is read; plain data, to be handed to a thread. */
export interface ContentFacts {
  /** The unwrapped key; absent when it lies unencrypted. */
  readonly key?: Uint8Array;
  /** SHA-1 of the stored bytes. */
  readonly digest?: Uint8Array;
  readonly storedBytes: number;
  /** Where it lies unencrypted as a file of its own: a database is checked there, without being held in memory. */
  readonly localPath?: string;
  /** It is the `-wal` of the database that comes next. */
  readonly isLog?: boolean;
  /** Its `-wal` came right before it. */
  readonly hasLog?: boolean;
  /** Nothing else proves it, and by its name it is a property list. */
  readonly isPropertyList?: boolean;
}

export interface ContentOutcome {
  readonly storedBytes: number;
  readonly digest: 'matched' | 'differs' | 'none';
  readonly padding: 'valid' | 'invalid' | 'none';
  /** Absent when it is no database. */
  readonly database?: DatabaseVerdict | { readonly state: 'too-large' };
  readonly isBrokenPropertyList: boolean;
}

const BLOCK_BYTES = 16;
/** One block, and enough to tell a database by. */
const MAGIC_BYTES = BLOCK_BYTES;
const MAX_PROPERTY_LIST_BYTES = 4 * 1024 * 1024;
const NOTHING = Buffer.alloc(0);

/**
 * Checks contents one after another, as their stored bytes come along. Holds none but databases and their logs, and
 * decrypts of the others only where they begin and end: what is between decrypts to something with any key.
 */
export class ContentChecker {
  readonly #maxDatabaseBytes: number;
  /** The content of the log that belongs to the next database. */
  #log: Buffer | undefined;

  #facts: ContentFacts = { storedBytes: 0 };
  #digest: Hash | undefined;
  #storedBytes = 0;
  /** The first stored bytes, until there are enough to tell what they begin. */
  #start: Buffer = NOTHING;
  #head: Buffer = NOTHING;
  #decryptor: FileDecryptor | undefined;
  #kept: KeptContent | undefined;
  /** The last two blocks as stored, of what is not decrypted whole. */
  #tail: Buffer = NOTHING;

  /** @param maxDatabaseBytes larger databases are not checked where that would need their size in memory. */
  constructor(maxDatabaseBytes: number) {
    this.#maxDatabaseBytes = maxDatabaseBytes;
  }

  begin(facts: ContentFacts): void {
    this.#facts = facts;
    if (facts.hasLog !== true) this.#log = undefined;
    this.#digest = facts.digest && createHash('sha1');
    this.#storedBytes = 0;
    this.#start = NOTHING;
    this.#head = NOTHING;
    this.#decryptor = undefined;
    this.#kept = undefined;
    this.#tail = NOTHING;
  }

  push(stored: Uint8Array): void {
    this.#digest?.update(stored);
    this.#storedBytes += stored.length;
    if (this.#start.length >= MAGIC_BYTES) {
      this.#take(stored);
      return;
    }
    const bytes = this.#start.length === 0 ? stored : Buffer.concat([this.#start, stored]);
    this.#start = Buffer.from(bytes.subarray(0, MAGIC_BYTES));
    if (bytes.length < MAGIC_BYTES) return;
    this.#decide();
    this.#take(bytes);
  }

  end(): ContentOutcome {
    const expected = this.#facts.digest;
    const isMatch = expected === undefined || this.#digest?.digest().equals(expected) === true;
    const padding = this.#padding();
    const database = this.#checkDatabase();
    const outcome: ContentOutcome = {
      storedBytes: this.#storedBytes,
      digest: expected === undefined ? 'none' : isMatch ? 'matched' : 'differs',
      padding,
      ...(database && { database }),
      isBrokenPropertyList: this.#isBrokenPropertyList(),
    };
    this.#log = this.#facts.isLog === true ? this.#kept?.bytes : undefined;
    this.#kept = undefined;
    return outcome;
  }

  /** The first bytes tell whether the rest is worth decrypting and keeping. */
  #decide(): void {
    const { key, isLog = false, isPropertyList = false } = this.#facts;
    this.#head = key ? decryptFileStart(key, this.#start) : this.#start;
    const isWanted =
      isLog || (isDatabase(this.#head) ? !this.#isCheckedInPlace() : isPropertyList && isList(this.#head));
    this.#kept = isWanted ? this.#keep() : undefined;
    if (key && this.#kept) this.#decryptor = new FileDecryptor(key);
  }

  #take(stored: Uint8Array): void {
    if (this.#kept) this.#kept.add(this.#decryptor ? this.#decryptor.update(stored) : stored);
    else if (this.#facts.key) this.#tail = lastBlocks(this.#tail, stored);
  }

  #padding(): ContentOutcome['padding'] {
    const { key } = this.#facts;
    if (key === undefined) return 'none';
    if (this.#decryptor) {
      const { content, paddingIntact } = this.#decryptor.finish();
      this.#kept?.add(content);
      return paddingIntact ? 'valid' : 'invalid';
    }
    return this.#storedBytes % BLOCK_BYTES === 0 && hasIntactPadding(key, this.#tail) ? 'valid' : 'invalid';
  }

  #keep(): KeptContent | undefined {
    const limit = this.#facts.isPropertyList === true ? MAX_PROPERTY_LIST_BYTES : this.#maxDatabaseBytes;
    return this.#facts.storedBytes > limit ? undefined : new KeptContent(this.#facts.storedBytes);
  }

  #isCheckedInPlace(): boolean {
    return this.#facts.localPath !== undefined && this.#facts.key === undefined && this.#log === undefined;
  }

  #checkDatabase(): ContentOutcome['database'] {
    if (!isDatabase(this.#head) || this.#facts.isLog === true) return undefined;
    const { localPath } = this.#facts;
    if (localPath !== undefined && this.#isCheckedInPlace()) {
      return verdict(() => openDatabase(localPath, { immutable: true }));
    }
    const content = this.#kept?.bytes;
    if (content === undefined) return { state: 'too-large' };
    const merged = verdict(() => openDatabaseBytes(withLog(content, this.#log)));
    if (merged.state !== 'damaged' || this.#log === undefined) return merged;
    // A phone may copy both at different moments; then the database is whole, and the log is of another state of it.
    const alone = verdict(() => openDatabaseBytes(content));
    return alone.state === 'damaged'
      ? merged
      : { state: 'partly-checked', details: ['it is whole without its -wal file, which does not fit it'] };
  }

  #isBrokenPropertyList(): boolean {
    const content = this.#facts.isPropertyList === true ? this.#kept?.bytes : undefined;
    if (content === undefined || !isList(content)) return false;
    try {
      decodeBinaryPlist(content);
      return false;
    } catch (error) {
      if (!isAppError(error, 'FORMAT_INVALID')) throw error;
      return true;
    }
  }
}

/** The bytes of one content: room is made once, for as many as were announced. */
class KeptContent {
  readonly #room: Buffer;
  #length = 0;

  constructor(sizeBytes: number) {
    this.#room = Buffer.allocUnsafeSlow(sizeBytes);
  }

  get bytes(): Buffer {
    return this.#room.subarray(0, this.#length);
  }

  add(chunk: Uint8Array): void {
    const fitting = chunk.subarray(0, this.#room.length - this.#length);
    this.#room.set(fitting, this.#length);
    this.#length += fitting.length;
  }
}

/** The last two blocks of what came before and `stored`; copied, since the bytes go back to where they came from. */
function lastBlocks(before: Buffer, stored: Uint8Array): Buffer {
  if (stored.length >= 2 * BLOCK_BYTES) return Buffer.from(stored.subarray(-2 * BLOCK_BYTES));
  return Buffer.from(Buffer.concat([before, stored]).subarray(-2 * BLOCK_BYTES));
}

/** WAL mode in the header would cost another copy when opening; these bytes are ours to change. */
function withLog(content: Buffer, log: Buffer | undefined): Uint8Array {
  const merged = log === undefined || log.length === 0 ? content : withWriteAheadLog(content, log);
  if (merged.length > 20) merged.fill(1, 18, 20);
  return merged;
}

function verdict(open: () => ReturnType<typeof openDatabase>): DatabaseVerdict {
  try {
    using database = open();
    return checkDatabase(database);
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { state: 'damaged', details: [error.message] };
  }
}

function isList(start: Uint8Array): boolean {
  return Buffer.from(start.subarray(0, 8)).toString('latin1') === 'bplist00';
}
