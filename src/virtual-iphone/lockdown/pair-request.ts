import { createPublicKey, randomBytes, X509Certificate, type KeyObject } from 'node:crypto';
import { bytesAt, dictionaryAt, stringAt, type PlistDictionary } from '../../formats/index.ts';
import type { BreachLog } from '../breaches.ts';
import type { Pairing } from './pairings.ts';

const ESCROW_BAG_BYTES = 32;

/** What the phone makes of the PairRecord of a Pair request, or the lockdown error it answers with. */
export function readPairRequest(
  request: PlistDictionary,
  deviceKey: KeyObject,
  breaches: BreachLog,
): Pairing | { error: string } {
  const record = dictionaryAt(request, 'PairRecord');
  if (record === undefined) return { error: 'MissingPairRecord' };
  const hostId = stringAt(record, 'HostID');
  if (hostId === undefined || hostId === '') return { error: 'MissingHostID' };
  const root = certificateAt(record, 'RootCertificate');
  const host = certificateAt(record, 'HostCertificate');
  const device = certificateAt(record, 'DeviceCertificate');
  if (root === undefined || host === undefined || device === undefined) {
    breaches.report('lockdown.pair-record', 'the pair record lacks a certificate, or holds one that is none');
    return { error: 'InvalidPairRecord' };
  }
  const flaw = flawOf(root, host, device, deviceKey);
  if (flaw !== undefined) {
    breaches.report('lockdown.pair-record', flaw);
    return { error: 'InvalidPairRecord' };
  }
  return {
    hostId,
    systemBuid: stringAt(record, 'SystemBUID') ?? '',
    rootCertificate: root.toString(),
    hostCertificate: host.toString(),
    deviceCertificate: device.toString(),
    escrowBag: randomBytes(ESCROW_BAG_BYTES).toString('hex'),
  };
}

/**
 * The certificates must form the chain the phone will present and accept: root signs itself, host and device. An
 * iPhone does not mind when root and host are one, without any extension: so most other programs have them.
 */
function flawOf(
  root: X509Certificate,
  host: X509Certificate,
  device: X509Certificate,
  deviceKey: KeyObject,
): string | undefined {
  if (!device.publicKey.equals(createPublicKey(deviceKey))) return 'DeviceCertificate is not for this phone’s key';
  const signed = [root, host, device].every((certificate) => certificate.verify(root.publicKey));
  return signed ? undefined : 'a certificate is not signed by RootCertificate';
}

/** Pair records carry certificates as PEM in data; DER passes as well. */
function certificateAt(record: PlistDictionary, key: string): X509Certificate | undefined {
  const bytes = bytesAt(record, key);
  if (bytes === undefined) return undefined;
  try {
    return new X509Certificate(bytes);
  } catch {
    return undefined;
  }
}
