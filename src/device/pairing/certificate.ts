/** X.509 version 3 certificates as pairing needs them: no names, SHA-256 with RSA, ten years. */
import { createHash, sign, type KeyObject } from 'node:crypto';
import {
  bitString,
  boolean,
  contentOf,
  explicit,
  nothing,
  objectIdentifier,
  octetString,
  partsOf,
  sequence,
  smallInteger,
  time,
} from './der.ts';

export interface CertificateRequest {
  readonly publicKey: KeyObject;
  /** Of the root; its own for the root itself. RSA. */
  readonly issuerPrivateKey: KeyObject;
  readonly isAuthority: boolean;
  /** Names the key inside the certificate, as Apple's and everybody's DeviceCertificate does. */
  readonly withKeyIdentifier?: boolean;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const OID = {
  sha256WithRsa: '1.2.840.113549.1.1.11',
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  subjectKeyIdentifier: '2.5.29.14',
};

const VERSION_3 = 2;
/** The same in all three certificates of a pairing: devices tell them apart by their keys, and pymobiledevice3 does so too. */
const SERIAL_NUMBER = 1;

/** @returns the certificate as PEM. */
export function createCertificate(request: CertificateRequest): Buffer {
  const algorithm = sequence(objectIdentifier(OID.sha256WithRsa), nothing());
  const noName = sequence();
  const toBeSigned = sequence(
    explicit(0, smallInteger(VERSION_3)),
    smallInteger(SERIAL_NUMBER),
    algorithm,
    noName,
    sequence(time(request.notBefore), time(request.notAfter)),
    noName,
    request.publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...extensionsOf(request))),
  );
  const signature = sign('sha256', toBeSigned, request.issuerPrivateKey);
  return toPem('CERTIFICATE', sequence(toBeSigned, algorithm, bitString(signature)));
}

function extensionsOf({ publicKey, isAuthority, withKeyIdentifier = false }: CertificateRequest): Buffer[] {
  // cA is FALSE by default, and DER leaves out defaults.
  const constraints = extension(OID.basicConstraints, true, isAuthority ? sequence(boolean(true)) : sequence());
  if (isAuthority) return [constraints];
  // Bit 0 is digitalSignature, bit 2 keyEncipherment; the five bits after them are unused.
  const usage = extension(OID.keyUsage, true, bitString(Buffer.from([0b1010_0000]), 5));
  if (!withKeyIdentifier) return [constraints, usage];
  return [constraints, extension(OID.subjectKeyIdentifier, false, octetString(keyIdentifier(publicKey))), usage];
}

function extension(identifier: string, critical: boolean, value: Buffer): Buffer {
  const parts = [objectIdentifier(identifier), ...(critical ? [boolean(true)] : []), octetString(value)];
  return sequence(...parts);
}

/** RFC 5280 §4.2.1.2, method 1: the SHA-1 of the key's bits, without the wrapping that names the algorithm. */
function keyIdentifier(publicKey: KeyObject): Buffer {
  const [, bits = Buffer.alloc(0)] = partsOf(publicKey.export({ type: 'spki', format: 'der' }));
  // The first byte of a bit string counts its unused bits. (Node 24 cannot export every key as PKCS#1.)
  return createHash('sha1').update(contentOf(bits).subarray(1)).digest();
}

function toPem(label: string, der: Buffer): Buffer {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return Buffer.from(`-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`);
}
