/** Pair records that other programs made, as they lie in the folders of a Mac, a Windows computer or usbmuxd. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { FormatError } from '../../shared/errors.ts';
import { parsePairRecord, type PairRecord } from './pair-record.ts';

/**
 * Reads one and checks what would only fail in front of the device: that its key belongs to its certificate.
 *
 * @throws {FormatError} The message names keys of the record, never their values.
 */
export function parseForeignRecord(bytes: Uint8Array): PairRecord {
  const record = parsePairRecord(bytes);
  if (!belongTogether(record)) {
    throw new FormatError('the HostPrivateKey of a pair record does not belong to its HostCertificate');
  }
  return record;
}

function belongTogether({ hostCertificate, hostPrivateKey }: PairRecord): boolean {
  try {
    return new X509Certificate(hostCertificate).checkPrivateKey(createPrivateKey(hostPrivateKey));
  } catch {
    return false;
  }
}
