import { decide } from './decide.ts';
import type { Decision, RuleInput } from './facts.ts';
import { asks } from './obstacles.ts';

/**
 * Decides for several devices that share the slots there are. Whoever holds a device in the hand goes first, since that moment
 * passes; then who has been due longest.
 *
 * @param slotsFree how many backups may be begun now.
 */
export function decideAll<K>(
  inputs: ReadonlyMap<K, Omit<RuleInput, 'slotsFree'>>,
  slotsFree: number,
): Map<K, Decision> {
  const decisions = new Map([...inputs].map(([key, input]) => [key, decide({ ...input, slotsFree: 1 })]));
  const starting = [...decisions]
    .filter(([, { action }]) => action === 'start')
    .map(([key, { dueAt }]) => {
      const device = inputs.get(key)?.device;
      return { key, isHeld: device !== undefined && asks(device), dueMs: dueAt?.getTime() ?? 0 };
    })
    .toSorted((a, b) => Number(b.isHeld) - Number(a.isHeld) || a.dueMs - b.dueMs);
  for (const { key } of starting.slice(Math.max(0, slotsFree))) {
    const input = inputs.get(key);
    if (input !== undefined) decisions.set(key, decide({ ...input, slotsFree: 0 }));
  }
  return decisions;
}
