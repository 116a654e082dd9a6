import { X509Certificate, type KeyObject } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket, type SecureContext } from 'node:tls';
import { systemErrorCode } from '../../shared/errors.ts';
import type { Pairing } from './pairings.ts';

/**
 * AES-128-GCM first: it is what an iPhone picks and the quickest here. OpenSSL's security level 0 lets in the SHA-1
 * certificates that older tools make and, for old iOS, TLS 1.0.
 */
const CIPHERS = 'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:ECDHE-RSA-AES128-GCM-SHA256:HIGH:!aNULL:@SECLEVEL=0';

/** Why a host did not get through TLS. `closed` is its right: it hung up before it was through. */
export type TlsRefusal = 'closed' | 'plaintext' | 'no-certificate' | 'foreign-certificate' | 'failed';

export class TlsRefusedError extends Error {
  override readonly name = 'TlsRefusedError';
  readonly reason: TlsRefusal;

  constructor(reason: TlsRefusal, options?: ErrorOptions) {
    super(`TLS refused: ${reason}`, options);
    this.reason = reason;
  }
}

/** The phone's end of TLS: its key, and for each computer the certificate that computer gave it. */
export class PhoneTls {
  readonly #key: string;
  readonly #old: boolean;
  readonly #contexts = new WeakMap<Pairing, SecureContext>();

  /** @param productVersion before iOS 10 a phone speaks TLS 1.0 and nothing else. */
  constructor(key: KeyObject, productVersion: string) {
    this.#key = key.export({ type: 'pkcs8', format: 'pem' }).toString();
    this.#old = Number.parseInt(productVersion, 10) < 10;
  }

  /**
   * Turns a plain connection into a TLS one as the server, and lets in only the computer of this pairing: it has to
   * show its host or its root certificate.
   *
   * A `net.Socket` is taken over natively; anything else works too, at a third of the speed.
   *
   * @throws {TlsRefusedError} and destroys the stream.
   */
  async accept(stream: Duplex, pairing: Pairing): Promise<TLSSocket> {
    const socket = new TLSSocket(stream, {
      isServer: true,
      requestCert: true,
      rejectUnauthorized: false,
      secureContext: this.#contextOf(pairing),
    });
    await handshake(socket);
    const refusal = refusalOf(socket.getPeerX509Certificate(), pairing);
    if (refusal === undefined) return socket;
    socket.destroy();
    throw new TlsRefusedError(refusal);
  }

  #contextOf(pairing: Pairing): SecureContext {
    const kept = this.#contexts.get(pairing);
    if (kept !== undefined) return kept;
    const context = createSecureContext({
      key: this.#key,
      cert: pairing.deviceCertificate,
      ciphers: CIPHERS,
      honorCipherOrder: true,
      ...(this.#old ? { minVersion: 'TLSv1', maxVersion: 'TLSv1' } : { minVersion: 'TLSv1.2' }),
    });
    this.#contexts.set(pairing, context);
    return context;
  }
}

function handshake(socket: TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      socket.off('secure', onSecure);
      socket.off('close', onError);
    };
    const onSecure = (): void => {
      settle();
      resolve();
    };
    const onError = (cause: unknown): void => {
      settle();
      reject(new TlsRefusedError(refusalFrom(cause), { cause }));
    };
    socket.on('secure', onSecure);
    socket.on('close', onError);
    // Whatever happens after the handshake shows where the bytes are read.
    socket.on('error', onError);
  });
}

/** What OpenSSL says when the first bytes are no TLS record. */
const NO_TLS_RECORD = /^ERR_SSL_(WRONG_VERSION_NUMBER|HTTP_REQUEST|PACKET_LENGTH_TOO_LONG|UNEXPECTED_MESSAGE)/;

function refusalFrom(cause: unknown): TlsRefusal {
  const code = systemErrorCode(cause) ?? '';
  if (NO_TLS_RECORD.test(code)) return 'plaintext';
  return code.startsWith('ERR_SSL_') ? 'failed' : 'closed';
}

function refusalOf(certificate: X509Certificate | undefined, pairing: Pairing): TlsRefusal | undefined {
  if (certificate === undefined) return 'no-certificate';
  const known = [pairing.hostCertificate, pairing.rootCertificate];
  const own = known.some((pem) => new X509Certificate(pem).fingerprint256 === certificate.fingerprint256);
  return own ? undefined : 'foreign-certificate';
}
