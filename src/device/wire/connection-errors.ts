/** What is told when the bytes to or from a device stop flowing. */
import { AppError, isAppError, systemErrorCode } from '../../shared/errors.ts';

/**
 * Turns whatever a socket failed with into an error a person can act on. An AppError stays what it is, so that a
 * socket destroyed with one (a cancelled job) fails with exactly that.
 */
export function connectionError(cause: unknown): AppError {
  if (isAppError(cause)) return cause;
  const code = systemErrorCode(cause);
  if (code !== undefined && TRUST_ALERT.test(code)) {
    return new AppError('DEVICE_NOT_TRUSTED', 'the device does not accept this computer’s certificate', {
      hint: 'Pair the device again: connect it with a cable, unlock it and answer “Trust”.',
      details: { systemCode: code },
      cause,
    });
  }
  return connectionLost('the connection to the device was lost', {
    cause,
    ...(code === undefined ? {} : { details: { systemCode: code } }),
  });
}

/** The other side closed where it should have gone on. */
export function connectionLost(
  message: string,
  options: { cause?: unknown; details?: Readonly<Record<string, string | number | boolean>> } = {},
): AppError {
  return new AppError('CONNECTION_LOST', message, {
    hint: 'Check the cable or the Wi-Fi, keep the device awake, and try again.',
    ...options,
  });
}

/** What a cancelled operation fails with: the signal's own reason when that already is one of ours. */
export function cancelledError(signal: AbortSignal): AppError {
  const reason: unknown = signal.reason;
  return isAppError(reason) ? reason : new AppError('CANCELLED', 'stopped', { cause: reason });
}

/** OpenSSL's names of the alerts by which a device says that it does not know the certificate shown to it. */
const TRUST_ALERT = /^ERR_SSL_.*ALERT_(BAD_CERTIFICATE|CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|DECRYPT_ERROR)/;
