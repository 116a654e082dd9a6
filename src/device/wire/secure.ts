/**
 * TLS towards a device, on a socket that already is connected to one of its ports.
 *
 * Every certificate of a pairing has an empty name, so that building a chain proves nothing: the usual verification
 * is off, and the key the device shows is compared with the one it had when it was paired.
 */
import { constants, X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { connect, createSecureContext, type SecureContext, type SecureContextOptions, type TLSSocket } from 'node:tls';
import { AppError } from '../../shared/errors.ts';
import { destroyOnAbort } from './cancel.ts';
import { connectionError, connectionLost } from './connection-errors.ts';

/** What TLS needs of a pair record. All PEM. */
export interface TlsIdentity {
  readonly hostCertificate: Uint8Array;
  readonly hostPrivateKey: Uint8Array;
  readonly deviceCertificate: Uint8Array;
}

export interface SecureOptions {
  /** The device's iOS version ("17.5.1"), by which old devices are told. */
  readonly productVersion?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A handshake is two round trips and two signatures; a device that takes this long has gone to sleep. */
const HANDSHAKE_TIMEOUT_MS = 20_000;

/**
 * Starts TLS on `socket` and proves that the device is the one that was paired. `socket` belongs to the result
 * afterwards and is destroyed when this fails.
 *
 * @throws {AppError} DEVICE_NOT_TRUSTED when the device shows another key or refuses ours; CONNECTION_LOST; CANCELLED.
 */
export async function secureConnection(
  socket: Socket,
  identity: TlsIdentity,
  { productVersion, signal }: SecureOptions = {},
): Promise<TLSSocket> {
  using _cancellation = destroyOnAbort(socket, signal);
  const secureContext = contextOf(identity, productVersion, socket);
  const secured = connect({ socket, secureContext, rejectUnauthorized: false, checkServerIdentity: () => undefined });
  try {
    await handshake(secured);
    checkPeerKey(secured, identity.deviceCertificate);
  } catch (error) {
    secured.destroy();
    socket.destroy();
    throw socket.errored instanceof AppError ? socket.errored : connectionError(error);
  }
  return secured;
}

/** @throws {AppError} DEVICE_NOT_TRUSTED, and destroys the socket, when the record holds nothing TLS can be spoken with. */
function contextOf(identity: TlsIdentity, productVersion: string | undefined, socket: Socket): SecureContext {
  try {
    return createSecureContext({
      cert: Buffer.from(identity.hostCertificate),
      key: Buffer.from(identity.hostPrivateKey),
      // Whom the world trusts is of no interest here and takes 20 ms to load; naming anybody has some of it loaded.
      ca: [],
      ...protocolVersions(productVersion),
    });
  } catch (cause) {
    socket.destroy();
    // OpenSSL's words name what it cannot use, and nothing of its content.
    throw new AppError('DEVICE_NOT_TRUSTED', 'the keys of the pairing on this computer are damaged or too short', {
      hint: 'Pair the device again: connect it with a cable, unlock it and answer “Trust”.',
      cause,
    });
  }
}

function handshake(secured: TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    // Stays attached: an 'error' without a listener would end the process. Later ones surface in reads and writes.
    secured.on('error', reject);
    secured.once('close', () => reject(connectionLost('the device closed the connection during the TLS handshake')));
    const timer = setTimeout(() => {
      secured.destroy(connectionLost('the device did not finish the TLS handshake'));
    }, HANDSHAKE_TIMEOUT_MS);
    secured.once('close', () => clearTimeout(timer));
    secured.once('secureConnect', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function checkPeerKey(secured: TLSSocket, deviceCertificate: Uint8Array): void {
  const shown = secured.getPeerX509Certificate();
  const expected = new X509Certificate(deviceCertificate);
  if (shown !== undefined && shown.publicKey.equals(expected.publicKey)) return;
  throw new AppError('DEVICE_NOT_TRUSTED', 'the device does not prove to be the one that was paired', {
    hint: 'If it was erased or restored, pair it again; if not, something else answers in its place.',
  });
}

/**
 * Devices before iOS 10 fail on anything above TLS 1.0, whose SHA-1 signatures OpenSSL only makes at security level 0.
 * Nothing is relaxed for a device of unknown version.
 */
export function protocolVersions(productVersion: string | undefined): SecureContextOptions {
  if (!isBeforeIos10(productVersion)) return { minVersion: 'TLSv1.2' };
  return {
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1',
    ciphers: 'DEFAULT:@SECLEVEL=0',
    secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
  };
}

function isBeforeIos10(productVersion: string | undefined): boolean {
  const major = /^(\d+)(\.|$)/.exec(productVersion ?? '')?.[1];
  return major !== undefined && Number(major) < 10;
}
