import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AsyncQueue } from '../../device/index.ts';
import { LOCK_NOTIFICATIONS, lockChanges, POWER_NOTIFICATIONS } from './lock-state.ts';

const [STATE, COMPLETE] = LOCK_NOTIFICATIONS;

for (const { what, posted, means } of [
  { what: 'locking', posted: [STATE, COMPLETE], means: ['locked'] },
  { what: 'locking, told the other way round', posted: [COMPLETE, STATE], means: ['locked'] },
  { what: 'unlocking', posted: [STATE, 'wait'], means: ['unlocked'] },
  { what: 'unlocking and locking again', posted: [STATE, 'wait', STATE, COMPLETE], means: ['unlocked', 'locked'] },
  { what: 'locking and unlocking', posted: [COMPLETE, STATE, 'wait', STATE, 'wait'], means: ['locked', 'unlocked'] },
  { what: 'the charger', posted: [POWER_NOTIFICATIONS[0]], means: ['power'] },
] as const) {
  test(`${what} is told as ${means.join(', then ')}`, async () => {
    const notifications = new AsyncQueue<string>();
    const clock = new StepClock();
    const changes = Array.fromAsync(lockChanges(notifications, clock, new AbortController().signal));
    for (const name of posted) {
      if (name === 'wait') clock.step(5_000);
      else notifications.push(name);
      for (let i = 0; i < 10; i++) await Promise.resolve();
    }
    notifications.end();
    assert.deepEqual(await changes, means);
  });
}

/** A clock that goes on only when it is told to. */
class StepClock {
  #nowMs = 0;
  #sleeping: { until: number; wake: () => void }[] = [];

  now(): Date {
    return new Date(this.#nowMs);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#sleeping.push({ until: this.#nowMs + ms, wake: resolve });
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
  }

  step(ms: number): void {
    this.#nowMs += ms;
    for (const { until, wake } of this.#sleeping) if (until <= this.#nowMs) wake();
  }
}
