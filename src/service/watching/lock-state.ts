/**
 * What a device tells of its lock by notifications. Both locking and unlocking post `lockstate`; only locking posts
 * `lockcomplete` as well, at about the same time. None of them says the state itself.
 */
import { AsyncQueue } from '../../device/index.ts';
import type { ServiceClock } from '../clock.ts';

const LOCK_STATE = 'com.apple.springboard.lockstate';
const LOCK_COMPLETE = 'com.apple.springboard.lockcomplete';

export const LOCK_NOTIFICATIONS = [LOCK_STATE, LOCK_COMPLETE] as const;
/** The charger was connected or taken away; the charge changed by a percent. */
export const POWER_NOTIFICATIONS = [
  'com.apple.system.powersources.source',
  'com.apple.system.powersources.percent',
] as const;

/** How far apart the two may come. */
const TOGETHER_MS = 1_000;

export type DeviceChange = 'locked' | 'unlocked' | 'power';

/** Tells what notifications mean, in order. Ends when they do. */
export async function* lockChanges(
  notifications: AsyncIterable<string>,
  clock: ServiceClock,
  signal: AbortSignal,
): AsyncGenerator<DeviceChange, void> {
  const changes = new AsyncQueue<DeviceChange>();
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  let completedAtMs = -Infinity;
  let undecided: AbortController | undefined;
  const decideLater = (): void => {
    undecided?.abort();
    const mine = new AbortController();
    undecided = mine;
    clock.sleep(TOGETHER_MS, AbortSignal.any([until, mine.signal])).then(
      () => changes.push('unlocked'),
      () => undefined,
    );
  };
  const read = async (): Promise<void> => {
    for await (const name of notifications) {
      if (name === LOCK_COMPLETE) {
        undecided?.abort();
        completedAtMs = clock.now().getTime();
        changes.push('locked');
      } else if (name === LOCK_STATE) {
        const sinceMs = clock.now().getTime() - completedAtMs;
        if (sinceMs < 0 || sinceMs > TOGETHER_MS) decideLater();
      } else changes.push('power');
    }
  };
  read().then(
    () => changes.end(),
    (error: unknown) => changes.end(error),
  );
  try {
    yield* changes;
  } finally {
    over.abort();
  }
}
