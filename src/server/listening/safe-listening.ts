import { isIP } from 'node:net';
import { AppError } from '../../shared/errors.ts';

export interface ListeningFacts {
  readonly host: string;
  readonly hasTls: boolean;
  /** Somebody said that others may read along. */
  readonly allowsPlainHttp: boolean;
  readonly hasAccount: boolean;
  /** Somebody said that the first account may be made from the network, with the code. */
  readonly allowsSetUp: boolean;
}

/**
 * Lets the service listen to others than this computer only when nobody can read along and somebody is in charge, or
 * when a person has said that it may.
 *
 * @throws {AppError} LISTENING_REFUSED
 */
export function demandSafeListening({ host, hasTls, allowsPlainHttp, hasAccount, allowsSetUp }: ListeningFacts): void {
  if (isLoopback(host)) return;
  if (!hasTls && !allowsPlainHttp) {
    throw new AppError(
      'LISTENING_REFUSED',
      `at ${host} everybody in between could read passwords and backups: it is not encrypted`,
      {
        hint: 'Give a certificate (“tls” in the settings of the server), or listen at 127.0.0.1 with a proxy in front that encrypts. In a network you trust altogether, “allowPlainHttp” lets it be.',
      },
    );
  }
  if (!hasAccount && !allowsSetUp) {
    throw new AppError('LISTENING_REFUSED', `at ${host} others could come before you: there is no account yet`, {
      hint: '`holdfast accounts add NAME` makes the first one. To make it in the browser from elsewhere, with the code shown here, start with --allow-setup.',
    });
  }
}

/** Whether only this computer reaches an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
