import type { PhoneDisk, PhoneFile } from '../../disk/index.ts';
import { AfcError } from './afc-error.ts';
import type { Location } from './afc-root.ts';
import { FileLocks } from './file-locks.ts';

/** The largest file that can be changed through AFC: it is held in memory until it is closed. */
const MAX_WRITTEN_BYTES = 1024 * 1024 * 1024;
const FIRST_CAPACITY_BYTES = 64 * 1024;

/**
 * A file that somebody has open. Reading costs nothing but the read; the first write brings the content into memory,
 * and the last close writes it to the disk.
 */
export class OpenFile {
  readonly location: Location;
  readonly #disk: PhoneDisk;
  #written: { bytes: Buffer; sizeBytes: number } | undefined;
  users = 0;

  constructor(disk: PhoneDisk, location: Location) {
    this.#disk = disk;
    this.location = location;
  }

  get key(): string {
    return keyOf(this.location);
  }

  get sizeBytes(): number {
    return this.#written?.sizeBytes ?? this.#stored().sizeBytes;
  }

  read(offset: number, length: number): Uint8Array {
    const end = Math.min(this.sizeBytes, offset + length);
    if (offset >= end) return new Uint8Array(0);
    return this.#written?.bytes.subarray(offset, end) ?? this.#disk.read(this.#stored(), offset, end - offset);
  }

  write(offset: number, bytes: Uint8Array): void {
    const endOffset = offset + bytes.length;
    const content = this.#inMemory(endOffset);
    content.bytes.set(bytes, offset);
    content.sizeBytes = Math.max(content.sizeBytes, endOffset);
  }

  resize(sizeBytes: number): void {
    if (sizeBytes === 0) this.#written = { bytes: Buffer.alloc(FIRST_CAPACITY_BYTES), sizeBytes };
    const content = this.#inMemory(sizeBytes);
    content.bytes.fill(0, sizeBytes);
    content.sizeBytes = sizeBytes;
  }

  /** Puts what was written on the disk. */
  save(): void {
    if (this.#written === undefined) return;
    const { domain, relativePath } = this.location;
    const { bytes, sizeBytes } = this.#written;
    this.#disk.writeFile(domain, relativePath, bytes.subarray(0, sizeBytes));
    this.#written = undefined;
  }

  #stored(): PhoneFile {
    const file = this.#disk.get(this.location.domain, this.location.relativePath);
    if (file?.kind !== 'file') throw new AfcError('notFound');
    return file;
  }

  /** The content in memory, with room for `roomBytes`. Bytes beyond the content are zero. */
  #inMemory(roomBytes: number): { bytes: Buffer; sizeBytes: number } {
    if (roomBytes > MAX_WRITTEN_BYTES) throw new AfcError('noSpace');
    if (this.#written !== undefined && this.#written.bytes.length >= roomBytes) return this.#written;
    const content = this.#written?.bytes.subarray(0, this.#written.sizeBytes) ?? this.#disk.read(this.#stored());
    // Twice the size each time, so that writing a file piece by piece does not copy it over and over.
    const bytes = Buffer.alloc(Math.max(FIRST_CAPACITY_BYTES, roomBytes, 2 * content.length));
    bytes.set(content);
    this.#written = { bytes, sizeBytes: content.length };
    return this.#written;
  }
}

/** The files open in all AFC connections of a phone, so that each sees what the others write. */
export class OpenFiles {
  readonly locks = new FileLocks();
  readonly #disk: PhoneDisk;
  readonly #files = new Map<string, OpenFile>();

  constructor(disk: PhoneDisk) {
    this.#disk = disk;
  }

  open(location: Location): OpenFile {
    const key = keyOf(location);
    const file = this.#files.get(key) ?? new OpenFile(this.#disk, location);
    file.users++;
    this.#files.set(key, file);
    return file;
  }

  /** @param holder whose lock on the file, if any, ends with it. */
  close(file: OpenFile, holder: object): void {
    this.locks.release(file.key, holder);
    if (--file.users > 0) return;
    this.#files.delete(file.key);
    file.save();
  }

  /** Size of a file that is being written; undefined when it is not open. */
  sizeOf(location: Location): number | undefined {
    return this.#files.get(keyOf(location))?.sizeBytes;
  }

  /** Writes what is pending for a path and below, before something else happens to it. */
  saveBelow({ domain, relativePath }: Location): void {
    for (const file of this.#files.values()) {
      const own = file.location.domain === domain && `${file.location.relativePath}/`.startsWith(`${relativePath}/`);
      if (own) file.save();
    }
  }
}

export function keyOf({ domain, relativePath }: Location): string {
  return `${domain}/${relativePath}`;
}
