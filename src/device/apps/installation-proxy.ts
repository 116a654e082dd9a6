/** com.apple.mobile.installation_proxy: which apps are on the device. */
import type { Duplex } from 'node:stream';
import { arrayAt, asDictionary, stringAt, type PlistDictionary } from '../../formats/index.ts';
import { AppError } from '../../shared/errors.ts';
import { destroyOnAbort } from '../wire/cancel.ts';
import { PlistChannel } from '../wire/plist-channel.ts';

export const INSTALLATION_PROXY_SERVICE = 'com.apple.mobile.installation_proxy';

export interface BrowseOptions {
  readonly applicationType?: 'User' | 'System' | 'Any';
  /** The keys of each app to be told. Leaving them out makes iOS collect everything, which takes minutes. */
  readonly returnAttributes: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * The apps as the device tells of them, in the pieces it sends. Attributes an app does not have are absent.
 * Closes the stream when done.
 *
 * @throws {AppError} DEVICE_REFUSED, CONNECTION_LOST, CANCELLED
 *
 * @example
 * const apps = await Array.fromAsync(browseApps(stream, { returnAttributes: ['CFBundleIdentifier'] }));
 */
export async function* browseApps(
  stream: Duplex,
  { applicationType = 'User', returnAttributes, signal }: BrowseOptions,
): AsyncGenerator<PlistDictionary, void> {
  using channel = new PlistChannel(stream);
  using _cancellation = destroyOnAbort(stream, signal);
  channel.send({
    Command: 'Browse',
    ClientOptions: { ApplicationType: applicationType, ReturnAttributes: [...returnAttributes] },
  });
  for (;;) {
    const answer = await channel.receive();
    const error = stringAt(answer, 'Error');
    if (error !== undefined) throw refused(error);
    for (const app of arrayAt(answer, 'CurrentList') ?? []) {
      const attributes = asDictionary(app);
      if (attributes !== undefined) yield attributes;
    }
    if (stringAt(answer, 'Status') === 'Complete') return;
  }
}

function refused(error: string): AppError {
  return new AppError('DEVICE_REFUSED', 'the device does not list its apps', {
    hint: 'Unlock the device and try again.',
    details: { deviceCode: error.slice(0, 100) },
  });
}
