/** Devices coming and going, for as long as anybody wants to know. */
import { numberAt, stringAt } from '../../formats/index.ts';
import { AppError, isAppError } from '../../shared/errors.ts';
import { destroyOnAbort, pause } from '../wire/cancel.ts';
import type { MuxAddress } from './address.ts';
import { MUX_RESULT, MuxConnection, muxUnavailable, resultNumber } from './connection.ts';
import { parseAttached, type MuxDevice } from './mux-device.ts';

export type MuxEvent =
  | { readonly kind: 'attached'; readonly device: MuxDevice }
  | { readonly kind: 'detached'; readonly device: MuxDevice }
  /** The device was paired, by whatever program on this computer. */
  | { readonly kind: 'paired'; readonly device: MuxDevice }
  /** usbmuxd stopped answering, or never did. Once per outage; every device known is detached first. */
  | { readonly kind: 'unavailable'; readonly error: AppError };

export interface WatchOptions {
  /** How long to wait after an outage before the first new attempt; doubles up to `maxRetryMs`. */
  readonly retryMs?: number;
  readonly maxRetryMs?: number;
}

/**
 * Tells of every device present, then of each that is attached or detached, and goes on through restarts of usbmuxd.
 * Ends without an error when `signal` aborts.
 */
export async function* watchMuxDevices(
  address: MuxAddress,
  signal: AbortSignal,
  { retryMs = 500, maxRetryMs = 10_000 }: WatchOptions = {},
): AsyncGenerator<MuxEvent, void> {
  let failures = 0;
  while (!signal.aborted) {
    const present = new Map<number, MuxDevice>();
    let outage: AppError;
    try {
      using connection = await MuxConnection.open(address, { signal });
      using _cancellation = destroyOnAbort(connection.socket, signal);
      await startListening(connection, address);
      failures = 0;
      yield* listen(connection, present);
      outage = muxUnavailable(address, new Error('usbmuxd closed the connection'));
    } catch (error) {
      if (signal.aborted) return;
      if (!isAppError(error)) throw error;
      outage = error;
    }
    for (const device of present.values()) yield { kind: 'detached', device };
    if (failures === 0) yield { kind: 'unavailable', error: outage };
    await pause(Math.min(retryMs * 2 ** failures, maxRetryMs), signal).catch(() => undefined);
    failures = Math.min(failures + 1, 16);
  }
}

async function startListening(connection: MuxConnection, address: MuxAddress): Promise<void> {
  const result = resultNumber(await connection.request('Listen'));
  if (result !== MUX_RESULT.ok) throw muxUnavailable(address, new Error(`usbmuxd answered Listen with ${result}`));
}

/** Until usbmuxd closes the connection. `present` is kept up to date for the caller. */
async function* listen(connection: MuxConnection, present: Map<number, MuxDevice>): AsyncGenerator<MuxEvent, void> {
  for (let packet = await connection.next(); packet !== undefined; packet = await connection.next()) {
    const kind = stringAt(packet.body, 'MessageType');
    if (kind === 'Attached') {
      const device = parseAttached(packet.body);
      if (device === undefined) continue;
      present.set(device.deviceId, device);
      yield { kind: 'attached', device };
      continue;
    }
    const device = present.get(numberAt(packet.body, 'DeviceID') ?? -1);
    if (device === undefined) continue;
    if (kind === 'Detached') {
      present.delete(device.deviceId);
      yield { kind: 'detached', device };
    } else if (kind === 'Paired') yield { kind: 'paired', device };
  }
}
