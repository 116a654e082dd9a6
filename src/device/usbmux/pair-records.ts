/** The pair records that usbmuxd keeps for every program on this computer. Their bytes are secrets. */
import { bytesAt, type PlistDictionary } from '../../formats/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { MuxAddress } from './address.ts';
import { MUX_RESULT, MuxConnection, resultNumber, type MuxRequestOptions } from './connection.ts';

/**
 * The stored record of a device: a property list, XML or binary. Undefined when there is none.
 *
 * @throws {AppError} USBMUXD_UNAVAILABLE, CANCELLED
 */
export async function readPairRecord(
  address: MuxAddress,
  udid: string,
  options: MuxRequestOptions = {},
): Promise<Buffer | undefined> {
  for (const id of spellingsOf(udid)) {
    const bytes = await readAs(address, id, options);
    if (bytes !== undefined) return bytes;
  }
  return undefined;
}

/** @throws {AppError} STORAGE_FAILED when usbmuxd could not store it; USBMUXD_UNAVAILABLE; CANCELLED. */
export async function savePairRecord(
  address: MuxAddress,
  { udid, bytes, deviceId }: { udid: string; bytes: Uint8Array; deviceId?: number | undefined },
  options: MuxRequestOptions = {},
): Promise<void> {
  const result = await command(address, 'SavePairRecord', options, {
    PairRecordID: udid,
    PairRecordData: bytes,
    ...(deviceId === undefined ? {} : { DeviceID: deviceId }),
  });
  if (result !== MUX_RESULT.ok) throw notStored('save', result);
}

/** Removing what is not there succeeds. @throws {AppError} STORAGE_FAILED, USBMUXD_UNAVAILABLE, CANCELLED */
export async function deletePairRecord(
  address: MuxAddress,
  udid: string,
  options: MuxRequestOptions = {},
): Promise<void> {
  for (const id of spellingsOf(udid)) {
    const result = await command(address, 'DeletePairRecord', options, { PairRecordID: id });
    if (result !== MUX_RESULT.ok && result !== MUX_RESULT.badDevice) throw notStored('remove', result);
  }
}

/** A usbmuxd that spells UDIDs without the dash may have filed a record that way. */
function spellingsOf(udid: string): string[] {
  return udid.includes('-') ? [udid, udid.replace('-', '')] : [udid];
}

async function readAs(address: MuxAddress, id: string, options: MuxRequestOptions): Promise<Buffer | undefined> {
  using connection = await MuxConnection.open(address, options);
  const bytes = bytesAt(await connection.request('ReadPairRecord', { PairRecordID: id }, options), 'PairRecordData');
  return bytes === undefined || bytes.length === 0 ? undefined : Buffer.from(bytes);
}

async function command(
  address: MuxAddress,
  messageType: string,
  options: MuxRequestOptions,
  parameters: PlistDictionary,
): Promise<number> {
  using connection = await MuxConnection.open(address, options);
  return resultNumber(await connection.request(messageType, parameters, options));
}

function notStored(what: 'save' | 'remove', result: number): AppError {
  return new AppError('STORAGE_FAILED', `usbmuxd could not ${what} the pair record`, {
    hint: 'Check that usbmuxd may write to its folder of pair records.',
    details: { muxResult: result },
  });
}
