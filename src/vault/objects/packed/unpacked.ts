import type { PlainCopy, Salvage } from '../../../shared/target/plain-copy.ts';
import type { Disk } from '../../durability.ts';
import type { ObjectLayout } from '../layout.ts';
import type { ObjectReader } from '../object-reader.ts';
import { makePlainCopy } from './plain-copy.ts';
import { salvage } from './salvage.ts';

/** Packed objects for whoever needs more than to read them from the beginning to the end. */
export class Unpacked {
  readonly #disk: Disk;
  readonly #layout: ObjectLayout;
  readonly #reader: ObjectReader;

  constructor(disk: Disk, layout: ObjectLayout, reader: ObjectReader) {
    this.#disk = disk;
    this.#layout = layout;
    this.#reader = reader;
  }

  /**
   * A file with the bytes of an object that is packed, for as long as it is needed; undefined for all others, for small
   * ones, and where no file can be made. @throws {AppError} SNAPSHOT_CORRUPT, STORAGE_FAILED
   */
  async plainCopy(hash: Buffer): Promise<PlainCopy | undefined> {
    const location = this.#reader.locate(hash);
    if (location?.isPacked !== true) return undefined;
    return makePlainCopy(this.#disk, this.#layout, location.length, this.#reader.read(hash));
  }

  /**
   * What can still be read of a packed database that is damaged, for looking into it and nothing else; undefined for all others,
   * and where nothing can.
   *
   * @param sizeBytes of the object: a catalogue that was made anew cannot tell where its file does not.
   * @throws {AppError} STORAGE_FAILED
   */
  async salvage(hash: Buffer, sizeBytes: number): Promise<Salvage | undefined> {
    const location = this.#reader.locate(hash);
    if (location?.isPacked !== true) return undefined;
    return salvage(this.#disk, this.#layout, { path: location.path, hash, sizeBytes });
  }
}
