import { createHash } from 'node:crypto';
import type { PhoneContext } from '../../context.ts';
import type { PhoneFile } from '../../disk/index.ts';
import { AfcError } from './afc-error.ts';
import { nameOf, type AfcRoot, type Location } from './afc-root.ts';
import type { OpenFiles } from './open-files.ts';

/** How many links a path may lead through, as on iOS (MAXSYMLINKS). */
const MAX_LINKS = 32;
const MAX_NAME_BYTES = 255;
const BLOCK_BYTES = 512;
const FILE_SYSTEM_BLOCK_BYTES = 4096;
const NS_PER_MS = 1_000_000n;
const IFMT = { file: 'S_IFREG', directory: 'S_IFDIR', symlink: 'S_IFLNK' } as const;

/** The operations of AFC that work on paths, within one root. Every method throws AfcError or PhoneDiskError. */
export class AfcFiles {
  readonly #context: PhoneContext;
  readonly #root: AfcRoot;
  readonly #open: OpenFiles;

  constructor(context: PhoneContext, root: AfcRoot, open: OpenFiles) {
    this.#context = context;
    this.#root = root;
    this.#open = open;
  }

  list(path: string): string[] {
    const names = this.#namesOf(path, true);
    if (names.length === 0) return ['.', '..', ...this.#root.entries(this.#context.disk)];
    const location = this.#locate(names);
    if (this.#existing(location).kind !== 'directory') throw new AfcError('notFound');
    return ['.', '..', ...[...this.#context.disk.children(location.domain, location.relativePath)].map(nameOf)];
  }

  /** What GetFileInfo answers. A link is described, not followed. */
  info(path: string): Record<string, string> {
    const names = this.#namesOf(path, false);
    if (names.length === 0) return directoryInfo(this.#context.clock.now());
    const location = this.#locate(names);
    const file = this.#existing(location);
    const sizeBytes = this.#open.sizeOf(location) ?? file.sizeBytes;
    return {
      st_size: String(sizeBytes),
      st_blocks: String(Math.ceil(sizeBytes / BLOCK_BYTES)),
      st_nlink: file.kind === 'directory' ? '2' : '1',
      st_ifmt: IFMT[file.kind],
      st_mtime: nanoseconds(file.modifiedAt),
      st_birthtime: nanoseconds(file.bornAt),
      ...(file.linkTarget === undefined ? {} : { LinkTarget: file.linkTarget }),
    };
  }

  deviceInfo(): Record<string, string> {
    const { identity, disk } = this.#context;
    const freeBytes = Math.max(0, identity.totalDiskBytes - disk.totalBytes());
    return {
      Model: identity.productType,
      FSTotalBytes: String(identity.totalDiskBytes),
      FSFreeBytes: String(freeBytes),
      FSBlockSize: String(FILE_SYSTEM_BLOCK_BYTES),
    };
  }

  /** The place of a file to be opened, links followed; made where it is missing and `create` says so. */
  openable(path: string, create: boolean): Location {
    const names = this.#namesOf(path, true);
    const location = this.#locate(names);
    const file = this.#context.disk.get(location.domain, location.relativePath);
    if (file === undefined) {
      if (!create || !this.#isDirectory(names.slice(0, -1))) throw new AfcError('notFound');
      this.#context.disk.writeFile(location.domain, location.relativePath, new Uint8Array(0));
    } else if (file.kind === 'directory') {
      throw new AfcError('isDirectory');
    }
    return location;
  }

  makeDirectory(path: string): void {
    const names = this.#namesOf(path, true);
    if (names.length === 0) return;
    const { domain, relativePath } = this.#locate(names);
    const existing = this.#context.disk.get(domain, relativePath);
    if (existing === undefined) this.#context.disk.makeDirectory(domain, relativePath);
    else if (existing.kind !== 'directory') throw new AfcError('exists');
  }

  remove(path: string, recursive: boolean): void {
    const location = this.#changeable(path);
    this.#open.saveBelow(location);
    this.#context.disk.remove(location.domain, location.relativePath, recursive);
  }

  rename(from: string, to: string): void {
    const source = this.#changeable(from);
    const target = this.#creatable(to);
    this.#open.saveBelow(source);
    this.#context.disk.rename(source.domain, source.relativePath, target.domain, target.relativePath);
  }

  makeLink(target: string, path: string): void {
    const { domain, relativePath } = this.#creatable(path);
    if (this.#context.disk.get(domain, relativePath) !== undefined) throw new AfcError('exists');
    this.#context.disk.makeSymlink(domain, relativePath, target);
  }

  setModifiedAt(path: string, modifiedAt: Date): void {
    const location = this.#changeable(path);
    this.#open.saveBelow(location);
    this.#context.disk.setAttributes(location.domain, location.relativePath, { modifiedAt });
  }

  /** SHA-1 of a file's content. */
  hash(path: string): Buffer {
    const location = this.openable(path, false);
    this.#open.saveBelow(location);
    return createHash('sha1')
      .update(this.#context.disk.read(this.#existing(location)))
      .digest();
  }

  /** Whether files can be made there. What the root itself shows is there, whether or not anything lies in it. */
  #isDirectory(names: readonly string[]): boolean {
    const [first] = names;
    if (first === undefined || (names.length === 1 && this.#root.entries(this.#context.disk).includes(first)))
      return true;
    const { domain, relativePath } = this.#locate(names);
    return this.#context.disk.get(domain, relativePath)?.kind === 'directory';
  }

  #existing({ domain, relativePath }: Location): PhoneFile {
    const file = this.#context.disk.get(domain, relativePath);
    if (file === undefined) throw new AfcError('notFound');
    return file;
  }

  #changeable(path: string): Location {
    const names = this.#namesOf(path, false);
    if (names.length === 0) throw new AfcError('denied');
    return this.#locate(names);
  }

  /** A place that something is to come to: only folders are made with all above them. */
  #creatable(path: string): Location {
    const location = this.#changeable(path);
    if (!this.#isDirectory(this.#namesOf(path, false).slice(0, -1))) throw new AfcError('notFound');
    return location;
  }

  #locate(names: readonly string[]): Location {
    const location = this.#root.locate(names);
    if (location === undefined) throw new AfcError('denied');
    return location;
  }

  /**
   * The names of a path from the root, with links on the way replaced by where they lead, and the last one as well if
   * `follow`. What leads out of the root is denied.
   */
  #namesOf(path: string, follow: boolean): string[] {
    const names: string[] = [];
    const ahead = partsOf(path);
    for (let links = 0; ahead.length > 0;) {
      const name = ahead.shift();
      if (name === undefined) break;
      if (name === '..') {
        if (names.pop() === undefined) throw this.#outside(path);
        continue;
      }
      if (!isPossibleName(name)) throw new AfcError('invalidArgument');
      names.push(name);
      const location = this.#root.locate(names);
      const file = location && this.#context.disk.get(location.domain, location.relativePath);
      if (file?.linkTarget === undefined || (ahead.length === 0 && !follow)) continue;
      if (++links > MAX_LINKS) throw new AfcError('denied');
      names.pop();
      if (file.linkTarget.startsWith('/')) {
        const inside = this.#root.enter(file.linkTarget);
        if (inside === undefined) throw new AfcError('denied');
        names.length = 0;
        ahead.unshift(...inside);
      } else {
        ahead.unshift(...partsOf(file.linkTarget));
      }
    }
    return names;
  }

  #outside(path: string): AfcError {
    this.#context.breaches.report('afc.path', `${JSON.stringify(path)} leads out of the folder that is open`);
    return new AfcError('denied');
  }
}

/** APFS takes names in UTF-8 of up to 255 bytes; what is none decodes to replacement characters. */
function isPossibleName(name: string): boolean {
  return Buffer.byteLength(name) <= MAX_NAME_BYTES && !name.includes('\uFFFD');
}

function partsOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

function directoryInfo(at: Date): Record<string, string> {
  const time = nanoseconds(at);
  return {
    st_size: '0',
    st_blocks: '0',
    st_nlink: '2',
    st_ifmt: IFMT.directory,
    st_mtime: time,
    st_birthtime: time,
  };
}

function nanoseconds(at: Date): string {
  return String(BigInt(at.getTime()) * NS_PER_MS);
}
