import { createPublicKey, generateKeyPair, randomUUID, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { ProtocolError } from '../../shared/errors.ts';
import { createCertificate } from './certificate.ts';
import type { PairRecord } from './pair-record.ts';

const RSA_BITS = 2048;
const VALID_YEARS = 10;
/** A device whose clock is behind must not find certificates from the future. */
const BACKDATE_MS = 24 * 60 * 60 * 1000;

export interface PairRecordRequest {
  /** `DevicePublicKey`: PEM, PKCS#1. */
  readonly devicePublicKey: Uint8Array;
  /** The identifier of this computer, as usbmuxd tells it. */
  readonly systemBuid: string;
  readonly wifiMacAddress?: string | undefined;
  readonly now?: Date;
}

/**
 * Makes the keys and certificates of a new pairing, with a HostID of its own: adverts on the network name HostIDs, so
 * that one per device tells devices apart.
 *
 * Takes some 100 ms, in the background. The escrow bag comes from the device, when it has agreed.
 *
 * @throws {ProtocolError} when the device's key is no RSA key.
 */
export async function createPairRecord(request: PairRecordRequest): Promise<PairRecord> {
  const deviceKey = readDeviceKey(request.devicePublicKey);
  const [root, host] = await Promise.all([makeKeyPair(), makeKeyPair()]);
  const notBefore = new Date((request.now ?? new Date()).getTime() - BACKDATE_MS);
  const notAfter = new Date(notBefore);
  notAfter.setUTCFullYear(notBefore.getUTCFullYear() + VALID_YEARS);
  const signed = { issuerPrivateKey: root.privateKey, isAuthority: false, notBefore, notAfter };
  return {
    hostId: randomUUID().toUpperCase(),
    systemBuid: request.systemBuid,
    rootCertificate: createCertificate({ ...signed, publicKey: root.publicKey, isAuthority: true }),
    rootPrivateKey: privatePem(root.privateKey),
    hostCertificate: createCertificate({ ...signed, publicKey: host.publicKey }),
    hostPrivateKey: privatePem(host.privateKey),
    deviceCertificate: createCertificate({ ...signed, publicKey: deviceKey, withKeyIdentifier: true }),
    ...(request.wifiMacAddress === undefined ? {} : { wifiMacAddress: request.wifiMacAddress }),
  };
}

function readDeviceKey(pem: Uint8Array): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPublicKey({ key: Buffer.from(pem), format: 'pem' });
  } catch {
    key = undefined;
  }
  if (key?.asymmetricKeyType === 'rsa') return key;
  throw new ProtocolError('the device offers no public key that a pairing can be made with');
}

function makeKeyPair(): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  return promisify(generateKeyPair)('rsa', { modulusLength: RSA_BITS });
}

/** PKCS#1, the form that OpenSSL-based programs expect in pair records. */
function privatePem(key: KeyObject): Buffer {
  return Buffer.from(key.export({ type: 'pkcs1', format: 'pem' }));
}
