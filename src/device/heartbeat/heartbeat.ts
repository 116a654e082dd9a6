/**
 * com.apple.mobile.heartbeat: the device says Marco, we say Polo. Without it iOS closes every Wi-Fi connection after
 * a short while; with it, silence tells that the device has gone.
 */
import type { Duplex } from 'node:stream';
import { numberAt, stringAt, type PlistDictionary } from '../../formats/index.ts';
import { AppError, isAppError } from '../../shared/errors.ts';
import { destroyOnAbort } from '../wire/cancel.ts';
import { PlistChannel } from '../wire/plist-channel.ts';

export const HEARTBEAT_SERVICE = 'com.apple.mobile.heartbeat';

/** How much later than announced a Marco may come. What netmuxd allows. */
const MARGIN_MS = 5_000;
/** The first Marco comes soon after connecting, without a word about when. */
const FIRST_INTERVAL_MS = 15_000;
/** iOS says 10 seconds. Whatever a device says, its silence is not to go unnoticed. */
const MAX_INTERVAL_SECONDS = 120;

export interface HeartbeatOptions {
  readonly signal?: AbortSignal | undefined;
  readonly marginMs?: number;
  readonly firstIntervalMs?: number;
  /** Called for every sign of life. */
  readonly onBeat?: () => void;
}

/** `lost`: no sign of life, or the connection broke. `sleeping`: the device said that it goes to sleep. */
export type HeartbeatEnd = 'lost' | 'sleeping' | 'cancelled';

/**
 * Answers a device's heartbeat until it ends.
 *
 * @returns why it ended. Closes the stream in any case.
 */
export async function keepHeartbeat(
  stream: Duplex,
  { signal, marginMs = MARGIN_MS, firstIntervalMs = FIRST_INTERVAL_MS, onBeat }: HeartbeatOptions = {},
): Promise<HeartbeatEnd> {
  using channel = new PlistChannel(stream);
  using _cancellation = destroyOnAbort(stream, signal);
  let waitMs = firstIntervalMs + marginMs;
  try {
    for (;;) {
      const beat = await receiveWithin(channel, stream, waitMs);
      if (beat === undefined) return 'lost';
      const command = stringAt(beat, 'Command');
      if (command === 'SleepyTime') return 'sleeping';
      if (command !== 'Marco') continue;
      channel.send({ Command: 'Polo' });
      onBeat?.();
      const intervalSeconds = numberAt(beat, 'Interval');
      if (intervalSeconds !== undefined && intervalSeconds > 0) {
        waitMs = Math.min(intervalSeconds, MAX_INTERVAL_SECONDS) * 1000 + marginMs;
      }
    }
  } catch (error) {
    if (signal?.aborted === true) return 'cancelled';
    if (isAppError(error)) return 'lost';
    throw error;
  }
}

async function receiveWithin(
  channel: PlistChannel,
  stream: Duplex,
  waitMs: number,
): Promise<PlistDictionary | undefined> {
  const timer = setTimeout(() => {
    stream.destroy(new AppError('CONNECTION_LOST', 'the device gave no sign of life'));
  }, waitMs);
  try {
    return await channel.receiveOrEnd();
  } finally {
    clearTimeout(timer);
  }
}
