import { join } from 'node:path';
import { openDatabase, type Database } from '../../database/index.ts';
import { AppError, isAppError } from '../../shared/errors.ts';
import { Changes } from './changes.ts';
import { Contents, EMPTY, type ContentReference } from './contents.ts';
import { fingerprintOf } from './fingerprint.ts';
import {
  checkPath,
  modeOf,
  parentOf,
  PhoneDiskError,
  type FileAttributes,
  type PhoneFile,
  type PhoneFileKind,
  type PhoneFileWriter,
  type SyntheticContent,
} from './phone-file.ts';
import { DiskSettings } from './settings.ts';
import { SCHEMA, Tree } from './tree.ts';
import { ContentReceiver } from './writer.ts';
import { makeFolders } from '../../shared/files/make-folders.ts';

/** Directories known to exist are remembered up to this many, so that filling a disk does not look each up again. */
const KNOWN_DIRECTORIES = 10_000;
/** The user "mobile", to whom nearly everything belongs. */
const MOBILE = 501;
const USUAL_PROTECTION = { file: 3, directory: 0, symlink: 0 } as const;

export interface PhoneDiskOptions {
  /** Times of what is written without saying when. Default: the computer's clock. */
  readonly now?: () => Date;
}

/**
 * Opens the file system of a virtual iPhone, which lies in `stateDir`; makes an empty one where there is none.
 *
 * One process at a time. Every change is kept when the method returns, and survives the process being killed.
 */
export function openPhoneDisk(stateDir: string, options: PhoneDiskOptions = {}): PhoneDisk {
  makeFolders(stateDir);
  return new PhoneDisk(stateDir, options);
}

/**
 * The database of a phone, for this process alone: a second phone in the same folder would overwrite what this one
 * knows. The kernel gives it back when the process ends, however it ends.
 *
 * @throws {AppError} DEVICE_BUSY
 */
function openOwnDatabase(path: string): Database {
  const database = openDatabase(path, { create: true, busyTimeoutMs: 0 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT');
    return database;
  } catch (error) {
    database.close();
    if (!isAppError(error, 'VAULT_BUSY')) throw error;
    throw new AppError('DEVICE_BUSY', 'the virtual iPhone in this folder is on already', {
      hint: 'Turn it off first, or give this one another folder with --state.',
      cause: error,
    });
  }
}

/** What a change would store: a reference known beforehand, or bytes that still need a number. */
type NewContent = { readonly sizeBytes: number; readonly stored: ContentReference } | { readonly bytes: Uint8Array };

export class PhoneDisk implements Disposable {
  /** Folder of this computer that holds the disk; other parts of the phone may keep files of their own in it. */
  readonly stateDir: string;
  readonly settings: DiskSettings;
  readonly #database: Database;
  readonly #tree: Tree;
  readonly #contents: Contents;
  readonly #changes: Changes;
  readonly #now: () => Date;
  readonly #knownDirectories = new Set<string>();

  constructor(stateDir: string, { now = () => new Date() }: PhoneDiskOptions) {
    this.stateDir = stateDir;
    this.#now = now;
    this.#database = openOwnDatabase(join(stateDir, 'disk.db'));
    // Without fsync a killed process still loses nothing: what it wrote is the kernel's to keep. Pages of 16 KiB take
    // three small files each, which makes writing them twice as fast as SQLite's usual 4 KiB.
    this.#database.exec('PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF');
    this.#database.exec('PRAGMA cache_size = -16000');
    this.#database.exec(SCHEMA);
    this.settings = new DiskSettings(this.#database);
    this.#tree = new Tree(this.#database);
    this.#contents = new Contents(this.#database, join(stateDir, 'blobs'));
    this.#changes = new Changes(this.#database, this.#contents, () => {
      this.#knownDirectories.clear();
      this.#tree.forget();
    });
  }

  get(domain: string, relativePath: string): PhoneFile | undefined {
    return this.#tree.find(domain, relativePath);
  }

  /** The entries of one directory, in order; none when it is not there. */
  children(domain: string, relativePath: string): Iterable<PhoneFile> {
    return this.#tree.children(domain, relativePath);
  }

  /** Everything below a directory, in order of path. */
  below(domain: string, relativePath = ''): Iterable<PhoneFile> {
    return this.#tree.below(domain, relativePath);
  }

  domains(): string[] {
    return this.#tree.domains();
  }

  /**
   * Everything, by (domain, path) in the order of their UTF-8 bytes. Streams: half a million files cost no more memory
   * than five hundred. Files written or removed meanwhile may or may not show; nothing else goes wrong.
   */
  *all(): Generator<PhoneFile> {
    for (const domain of this.#tree.domains()) {
      const root = this.#tree.find(domain, '');
      if (root) yield root;
      yield* this.#tree.below(domain, '');
    }
  }

  /** Number of files, directories and links. */
  count(): number {
    return this.#tree.count();
  }

  totalBytes(): number {
    return this.#tree.totalBytes();
  }

  /**
   * At most `length` bytes of a file from `offset`; fewer only at its end. Synchronous and quick.
   *
   * @returns bytes that may be a view of shared memory: they must not be written to.
   */
  read(file: PhoneFile, offset = 0, length = file.sizeBytes - offset): Buffer {
    return this.#contents.read(file.content, file.sizeBytes, offset, length);
  }

  /** Writes a whole file, replacing what has its name and keeping its inode and attributes unless told others. */
  writeFile(domain: string, relativePath: string, content: Uint8Array, attributes?: FileAttributes): PhoneFile {
    return this.#change(() => this.#put('file', domain, relativePath, { bytes: content }, attributes));
  }

  /** Writes a file whose bytes are described instead of stored. */
  writeSynthetic(
    domain: string,
    relativePath: string,
    { seed, sizeBytes }: SyntheticContent,
    attributes?: FileAttributes,
  ): PhoneFile {
    const stored: ContentReference = sizeBytes === 0 ? EMPTY : { kind: 'synthetic', seed };
    return this.#change(() => this.#put('file', domain, relativePath, { sizeBytes, stored }, attributes));
  }

  /** Takes a file piece by piece. Not visible before it is finished. */
  openWriter(domain: string, relativePath: string): PhoneFileWriter {
    checkPath(domain, relativePath);
    const receiver = new ContentReceiver(this.#contents, () => this.#changes.newVersion());
    return {
      write: (chunk) => receiver.write(chunk),
      finish: (attributes) => {
        const received = receiver.finish();
        if ('bytes' in received) return this.writeFile(domain, relativePath, received.bytes, attributes);
        const { blob: id, sizeBytes } = received;
        return this.#change(() => {
          this.#changes.madeBlob(id);
          return this.#put('file', domain, relativePath, { sizeBytes, stored: { kind: 'blob', id } }, attributes);
        });
      },
      discard: () => receiver.discard(),
    };
  }

  /** Makes a directory and those above it. One that exists gets the attributes. */
  makeDirectory(domain: string, relativePath: string, attributes?: FileAttributes): PhoneFile {
    return this.#change(() =>
      this.#put('directory', domain, relativePath, { sizeBytes: 0, stored: EMPTY }, attributes),
    );
  }

  makeSymlink(domain: string, relativePath: string, target: string, attributes?: FileAttributes): PhoneFile {
    return this.#change(() =>
      this.#put('symlink', domain, relativePath, { sizeBytes: 0, stored: EMPTY }, attributes, target),
    );
  }

  /** @throws {PhoneDiskError} not-found */
  setAttributes(domain: string, relativePath: string, attributes: FileAttributes): PhoneFile {
    return this.#change(() => {
      const file = this.#existing(domain, relativePath);
      const changed = {
        ...file,
        changedAt: this.#now(),
        ...attributes,
        mode: modeOf(file.kind, attributes.mode ?? file.mode),
      };
      this.#tree.put(changed);
      return changed;
    });
  }

  /**
   * Removes a file, link or directory; with `recursive`, a directory with all below it.
   *
   * @throws {PhoneDiskError} not-found, not-empty
   */
  remove(domain: string, relativePath: string, recursive = false): void {
    this.#change(() => {
      const file = this.#existing(domain, relativePath);
      if (file.kind === 'directory') {
        for (const entry of this.#tree.below(domain, relativePath)) {
          if (!recursive) throw new PhoneDiskError('not-empty', domain, relativePath);
          this.#drop(entry.content);
        }
        this.#tree.deleteBelow(domain, relativePath);
        this.#knownDirectories.clear();
      }
      this.#drop(file.content);
      this.#tree.delete(domain, relativePath);
    });
  }

  /**
   * Moves a file, link or directory with all below it, into another domain too, replacing a file of that name.
   *
   * @throws {PhoneDiskError} not-found, not-empty, is-a-directory, invalid-path (a directory into itself)
   */
  rename(fromDomain: string, from: string, toDomain: string, to: string): void {
    checkPath(toDomain, to);
    const intoItself = fromDomain === toDomain && `${to}/`.startsWith(`${from}/`);
    if (fromDomain === toDomain && from === to) return;
    if (from === '' || to === '' || intoItself) throw new PhoneDiskError('invalid-path', toDomain, to);
    this.#change(() => {
      const file = this.#existing(fromDomain, from);
      const replaced = this.#tree.find(toDomain, to);
      if (replaced?.kind === 'directory' && file.kind !== 'directory') {
        throw new PhoneDiskError('is-a-directory', toDomain, to);
      }
      if (replaced) this.remove(toDomain, to);
      this.#makeParents(toDomain, to);
      this.#tree.delete(fromDomain, from);
      this.#tree.put({ ...file, domain: toDomain, relativePath: to, changedAt: this.#now() });
      if (file.kind === 'directory') this.#tree.moveBelow(fromDomain, from, toDomain, to);
      this.#knownDirectories.clear();
    });
  }

  /** Removes everything: what "Erase All Content" leaves. Settings stay. */
  erase(): void {
    this.batch(() => {
      for (const domain of this.#tree.domains()) {
        if (!this.#tree.find(domain, '')) this.makeDirectory(domain, '');
        this.remove(domain, '', true);
      }
    });
  }

  /** Makes everything `change` does one transaction: all of it is kept or, if it throws, none. Much quicker, too. */
  batch<T>(change: () => T): T {
    return this.#change(change);
  }

  /**
   * One hash over everything that a restore must bring back: domains, paths, kinds, permissions, link targets and all
   * content. Equal disks have equal fingerprints, whatever order they were written in.
   */
  fingerprint(include?: (file: PhoneFile) => boolean): string {
    return fingerprintOf(this, include);
  }

  close(): void {
    this.#contents.close();
    this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #put(
    kind: PhoneFileKind,
    domain: string,
    relativePath: string,
    content: NewContent,
    attributes: FileAttributes = {},
    linkTarget?: string,
  ): PhoneFile {
    checkPath(domain, relativePath);
    const existing = this.#tree.find(domain, relativePath);
    if (existing) {
      if (existing.kind !== kind) throw new PhoneDiskError(wrongKind(existing.kind, kind), domain, relativePath);
      this.#drop(existing.content);
    } else {
      this.#makeParents(domain, relativePath);
    }
    const now = attributes.modifiedAt ?? this.#now();
    const contentVersion = kind === 'directory' ? 0 : this.#changes.newVersion();
    const file: PhoneFile = {
      domain,
      relativePath,
      kind,
      ...this.#store(contentVersion, content),
      mode: modeOf(kind, attributes.mode ?? existing?.mode),
      uid: attributes.uid ?? existing?.uid ?? MOBILE,
      gid: attributes.gid ?? existing?.gid ?? MOBILE,
      inode: attributes.inode ?? existing?.inode ?? this.#changes.newInode(),
      modifiedAt: now,
      changedAt: attributes.changedAt ?? now,
      bornAt: attributes.bornAt ?? existing?.bornAt ?? now,
      protectionClass: attributes.protectionClass ?? existing?.protectionClass ?? USUAL_PROTECTION[kind],
      ...((attributes.extendedAttributes ?? existing?.extendedAttributes) && {
        extendedAttributes: attributes.extendedAttributes ?? existing?.extendedAttributes ?? {},
      }),
      ...(linkTarget !== undefined && { linkTarget }),
      contentVersion,
    };
    this.#tree.put(file);
    return file;
  }

  #store(contentVersion: number, content: NewContent): { sizeBytes: number; content: ContentReference } {
    if ('stored' in content) return { sizeBytes: content.sizeBytes, content: content.stored };
    const stored = this.#contents.store(contentVersion, content.bytes);
    if (stored.kind === 'blob') this.#changes.madeBlob(stored.id);
    return { sizeBytes: content.bytes.length, content: stored };
  }

  #drop(content: ContentReference): void {
    if (content.kind === 'inline') this.#contents.dropInline(content.id);
    if (content.kind === 'blob') this.#changes.droppedBlob(content.id);
  }

  #existing(domain: string, relativePath: string): PhoneFile {
    const file = this.#tree.find(domain, relativePath);
    if (!file) throw new PhoneDiskError('not-found', domain, relativePath);
    return file;
  }

  #makeParents(domain: string, relativePath: string): void {
    const parent = parentOf(relativePath);
    if (parent === undefined) return;
    const key = `${domain}\0${parent}`;
    if (this.#knownDirectories.has(key)) return;
    const existing = this.#tree.find(domain, parent);
    if (existing && existing.kind !== 'directory') throw new PhoneDiskError('not-a-directory', domain, parent);
    if (!existing) this.#put('directory', domain, parent, { sizeBytes: 0, stored: EMPTY });
    if (this.#knownDirectories.size >= KNOWN_DIRECTORIES) this.#knownDirectories.clear();
    this.#knownDirectories.add(key);
  }

  #change<T>(change: () => T): T {
    return this.#changes.run(change);
  }
}

function wrongKind(there: PhoneFileKind, wanted: PhoneFileKind): 'is-a-directory' | 'not-a-directory' | 'exists' {
  if (there === 'directory') return 'is-a-directory';
  return wanted === 'directory' ? 'not-a-directory' : 'exists';
}
