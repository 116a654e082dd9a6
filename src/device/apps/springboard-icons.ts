/** com.apple.springboardservices: what apps look like on the home screen. */
import type { Duplex } from 'node:stream';
import { bytesAt } from '../../formats/index.ts';
import { isAppError } from '../../shared/errors.ts';
import { destroyOnAbort } from '../wire/cancel.ts';
import { PlistChannel } from '../wire/plist-channel.ts';

export const SPRINGBOARD_SERVICE = 'com.apple.springboardservices';

/** Some apps have no icon to give and no answer either. */
const ICON_TIMEOUT_MS = 5_000;
/** Three apps in a row without an answer: it is the service that hangs, not the app. */
const MAX_SILENT_IN_A_ROW = 3;

export interface IconOptions {
  /** Connects to the service; called again after an app that gave no answer, whose late one would be taken for the next. */
  readonly connect: () => Promise<Duplex>;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

export interface AppIcon {
  readonly bundleId: string;
  readonly png: Buffer;
}

/**
 * The icons of apps, in the order asked for, over one connection as long as all goes well. Icons are decoration: apps
 * without one are left out, and trouble ends the list early instead of failing.
 *
 * @throws {AppError} CANCELLED only
 */
export async function* readAppIcons(
  bundleIds: Iterable<string>,
  { connect, signal, timeoutMs = ICON_TIMEOUT_MS }: IconOptions,
): AsyncGenerator<AppIcon, void> {
  let silentInARow = 0;
  let connection: IconConnection | undefined;
  try {
    for (const bundleId of bundleIds) {
      connection ??= new IconConnection(await connect(), signal);
      const png = await connection.icon(bundleId, timeoutMs).catch(lost);
      if (png === 'lost') {
        connection.close();
        connection = undefined;
        if (++silentInARow >= MAX_SILENT_IN_A_ROW) return;
        continue;
      }
      silentInARow = 0;
      if (png !== undefined) yield { bundleId, png };
    }
  } catch (error) {
    if (!isAppError(error) || isAppError(error, 'CANCELLED')) throw error;
  } finally {
    connection?.close();
  }
}

class IconConnection {
  readonly #channel: PlistChannel;
  readonly #cancellation: Disposable;

  constructor(stream: Duplex, signal: AbortSignal | undefined) {
    this.#channel = new PlistChannel(stream);
    this.#cancellation = destroyOnAbort(stream, signal);
  }

  async icon(bundleId: string, timeoutMs: number): Promise<Buffer | undefined> {
    const answer = await this.#channel.requestWithin(timeoutMs, { command: 'getIconPNGData', bundleId });
    const png = bytesAt(answer, 'pngData');
    return png === undefined || png.length === 0 ? undefined : png;
  }

  close(): void {
    this.#cancellation[Symbol.dispose]();
    this.#channel.close();
  }
}

function lost(error: unknown): 'lost' {
  if (isAppError(error, 'CONNECTION_LOST')) return 'lost';
  throw error;
}
