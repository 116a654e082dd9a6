import { AppError } from '../shared/errors.ts';

/** The devices a job of this process is working with. Other processes are kept out by the vault's lock. */
const busy = new Set<string>();

/**
 * Claims a device until disposed of: it may be there twice, over the cable and over Wi-Fi.
 *
 * @throws {AppError} DEVICE_BUSY
 */
export function claimDevice(udid: string): Disposable {
  if (busy.has(udid)) {
    throw new AppError('DEVICE_BUSY', 'a job for this device is already running', {
      hint: 'Wait until it has finished, or stop it.',
      details: { udid },
    });
  }
  busy.add(udid);
  return { [Symbol.dispose]: () => void busy.delete(udid) };
}
