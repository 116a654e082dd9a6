/**
 * Where pair records are kept: in a folder of our own, and in usbmuxd's, which all programs on this computer share.
 * The own one comes first; it also serves where there is no usbmuxd, as with devices on Wi-Fi only.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { FormatError, isAppError } from '../../shared/errors.ts';
import type { MuxAddress } from '../usbmux/address.ts';
import { readBuid } from '../usbmux/client.ts';
import { deletePairRecord, readPairRecord, savePairRecord } from '../usbmux/pair-records.ts';
import { isUdid } from '../usbmux/udid.ts';
import { encodePairRecord, parsePairRecord, type PairRecord } from './pair-record.ts';
import { changedAt, listPrivateFiles, readPrivateFile, removePrivateFile, writePrivateFile } from '../private-file.ts';

const SUFFIX = '.plist';
const BUID_FILE = 'system-buid';

export interface PairRecordStoreOptions {
  /** The own folder; made when first needed, closed to other users. */
  readonly directory: string;
  /** usbmuxd's records are used as well when given. */
  readonly mux?: MuxAddress | undefined;
}

export interface StoredPairRecord {
  readonly record: PairRecord;
  readonly source: 'own' | 'mux';
}

export interface PairedDevice {
  readonly udid: string;
  readonly record: PairRecord;
}

export class PairRecordStore {
  readonly directory: string;
  readonly #mux: MuxAddress | undefined;

  constructor({ directory, mux }: PairRecordStoreOptions) {
    this.directory = directory;
    this.#mux = mux;
  }

  /** Every record there is for a device, to be tried in this order. Damaged ones are passed over. */
  async *candidates(udid: string): AsyncGenerator<StoredPairRecord, void> {
    const own = await this.readOwn(udid);
    if (own !== undefined) yield { record: own, source: 'own' };
    const shared = await this.readShared(udid);
    if (shared !== undefined && shared.hostId !== own?.hostId) yield { record: shared, source: 'mux' };
  }

  /** Whether there is any record of the device. Says nothing about whether the device still honours it. */
  async has(udid: string): Promise<boolean> {
    for await (const _candidate of this.candidates(udid)) return true;
    return false;
  }

  async readOwn(udid: string): Promise<PairRecord | undefined> {
    if (!isUdid(udid)) return undefined;
    return parseIfWhole(await readPrivateFile(this.#pathOf(udid)));
  }

  /** What usbmuxd has; undefined as well when there is no usbmuxd. */
  async readShared(udid: string): Promise<PairRecord | undefined> {
    if (this.#mux === undefined) return undefined;
    try {
      return parseIfWhole(await readPairRecord(this.#mux, udid));
    } catch (error) {
      if (isAppError(error, 'USBMUXD_UNAVAILABLE')) return undefined;
      throw error;
    }
  }

  /**
   * Keeps a record, durably in the own folder, and with usbmuxd where it can.
   *
   * @returns whether usbmuxd has it as well.
   * @throws {AppError} STORAGE_FAILED, OUT_OF_SPACE when the own folder cannot be written.
   */
  async save(
    udid: string,
    record: PairRecord,
    { muxDeviceId }: { muxDeviceId?: number | undefined } = {},
  ): Promise<boolean> {
    const bytes = encodePairRecord(record);
    await this.saveOwn(udid, record);
    if (this.#mux === undefined) return false;
    try {
      await savePairRecord(this.#mux, { udid, bytes, deviceId: muxDeviceId });
      return true;
    } catch (error) {
      if (isAppError(error, 'USBMUXD_UNAVAILABLE', 'STORAGE_FAILED')) return false;
      throw error;
    }
  }

  /** Keeps a record here alone. @throws {AppError} STORAGE_FAILED, OUT_OF_SPACE, FORMAT_INVALID */
  async saveOwn(udid: string, record: PairRecord): Promise<void> {
    await writePrivateFile(this.#pathOf(udid), encodePairRecord(record));
  }

  /** When the own record was made; undefined when there is none. @throws {AppError} STORAGE_FAILED */
  async savedAt(udid: string): Promise<Date | undefined> {
    return isUdid(udid) ? await changedAt(this.#pathOf(udid)) : undefined;
  }

  /** Forgets a device, here and with usbmuxd. */
  async remove(udid: string): Promise<void> {
    if (isUdid(udid)) await removePrivateFile(this.#pathOf(udid));
    if (this.#mux === undefined) return;
    await deletePairRecord(this.#mux, udid).catch((error: unknown) => {
      if (!isAppError(error, 'USBMUXD_UNAVAILABLE')) throw error;
    });
  }

  /** The devices of the own folder; usbmuxd has no way to list its records. */
  async list(): Promise<PairedDevice[]> {
    const names = await listPrivateFiles(this.directory);
    const udids = names.filter((name) => name.endsWith(SUFFIX)).map((name) => name.slice(0, -SUFFIX.length));
    const devices = await Promise.all(
      udids.filter(isUdid).map(async (udid) => ({ udid, record: await this.readOwn(udid) })),
    );
    return devices.flatMap(({ udid, record }) => (record === undefined ? [] : { udid, record }));
  }

  /** What this computer calls itself in pairings: usbmuxd's word, or one of our own that stays the same. */
  async systemBuid(): Promise<string> {
    if (this.#mux !== undefined) {
      try {
        return await readBuid(this.#mux);
      } catch (error) {
        if (!isAppError(error, 'USBMUXD_UNAVAILABLE')) throw error;
      }
    }
    const path = join(this.directory, BUID_FILE);
    const stored = (await readPrivateFile(path))?.toString('utf8').trim();
    if (stored !== undefined && stored !== '') return stored;
    const made = randomUUID().toUpperCase();
    await writePrivateFile(path, Buffer.from(`${made}\n`));
    return made;
  }

  #pathOf(udid: string): string {
    if (!isUdid(udid)) throw new FormatError('a device of this name cannot be stored', { details: { udid } });
    return join(this.directory, `${udid}${SUFFIX}`);
  }
}

function parseIfWhole(bytes: Buffer | undefined): PairRecord | undefined {
  if (bytes === undefined) return undefined;
  try {
    return parsePairRecord(bytes);
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return undefined;
    throw error;
  }
}
