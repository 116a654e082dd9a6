/**
 * A pair record: what this computer and one device know of each other. Whoever holds it can read the device's data,
 * so it is never logged, never part of an error, and only stored where nobody else can read.
 */
import { X509Certificate } from 'node:crypto';
import { asDictionary, bytesAt, decodePlist, encodeBinaryPlist, stringAt } from '../../formats/index.ts';
import { FormatError } from '../../shared/errors.ts';

/** Certificates and keys are PEM, as Apple stores them. */
export interface PairRecord {
  /** What the device knows this computer by. Fresh for every device, so that an advert on the network names one. */
  readonly hostId: string;
  readonly systemBuid: string;
  readonly hostCertificate: Buffer;
  readonly hostPrivateKey: Buffer;
  readonly rootCertificate: Buffer;
  readonly rootPrivateKey?: Buffer;
  readonly deviceCertificate: Buffer;
  /** Lets services work while the screen is locked. */
  readonly escrowBag?: Buffer;
  readonly wifiMacAddress?: string;
}

/**
 * Reads a record, XML or binary, of whichever program made it.
 *
 * @throws {FormatError} when it is no property list or lacks what a session needs. The message names keys, not values.
 */
export function parsePairRecord(bytes: Uint8Array): PairRecord {
  const record = asDictionary(decodePlist(bytes));
  const text = (key: string): string => stringAt(record, key) ?? missing(key);
  const data = (key: string): Buffer => bytesAt(record, key) ?? missing(key);
  const rootPrivateKey = bytesAt(record, 'RootPrivateKey');
  const escrowBag = bytesAt(record, 'EscrowBag');
  const wifiMacAddress = stringAt(record, 'WiFiMACAddress');
  return {
    hostId: text('HostID'),
    systemBuid: text('SystemBUID'),
    hostCertificate: certificate('HostCertificate', data('HostCertificate')),
    hostPrivateKey: data('HostPrivateKey'),
    rootCertificate: data('RootCertificate'),
    deviceCertificate: certificate('DeviceCertificate', data('DeviceCertificate')),
    ...(rootPrivateKey === undefined ? {} : { rootPrivateKey }),
    ...(escrowBag === undefined ? {} : { escrowBag }),
    ...(wifiMacAddress === undefined ? {} : { wifiMacAddress }),
  };
}

/** As usbmuxd and other programs store it. */
export function encodePairRecord(record: PairRecord): Buffer {
  return encodeBinaryPlist({
    HostID: record.hostId,
    SystemBUID: record.systemBuid,
    HostCertificate: record.hostCertificate,
    HostPrivateKey: record.hostPrivateKey,
    RootCertificate: record.rootCertificate,
    DeviceCertificate: record.deviceCertificate,
    ...(record.rootPrivateKey === undefined ? {} : { RootPrivateKey: record.rootPrivateKey }),
    ...(record.escrowBag === undefined ? {} : { EscrowBag: record.escrowBag }),
    ...(record.wifiMacAddress === undefined ? {} : { WiFiMACAddress: record.wifiMacAddress }),
  });
}

function missing(key: string): never {
  throw new FormatError(`a pair record lacks ${key}`);
}

/** A certificate that cannot be read would only fail in the middle of a TLS handshake. */
function certificate(key: string, pem: Buffer): Buffer {
  try {
    void new X509Certificate(pem);
    return pem;
  } catch {
    throw new FormatError(`the ${key} of a pair record is no certificate`);
  }
}
