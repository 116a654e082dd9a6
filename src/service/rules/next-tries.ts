import type { BackupRule } from '../../contract/index.ts';
import { decide } from './decide.ts';
import type { DeviceFacts, RuleHistory } from './facts.ts';
import { MINUTE_MS } from './local-time.ts';

/** No rule makes anybody wait longer than a year and a pause; each step is an hour or the next thing that is due. */
const MAX_STEPS = 20_000;

export interface NextTriesOptions {
  readonly rule: BackupRule;
  readonly history: RuleHistory;
  readonly now: Date;
  readonly timeZone: string;
  readonly asksPasscode?: boolean | undefined;
  /** How many; 3 where nothing is said. */
  readonly count?: number;
}

/**
 * When the next backups begin if the device is at home all the time, on power, and in somebody's hand or locked as it is
 * wanted: the earliest moments there are. For the page on which a rule is changed.
 *
 * @returns in order; fewer where backing up by itself is off, or paused for years.
 */
export function nextTries({ rule, history, now, timeZone, asksPasscode, count = 3 }: NextTriesOptions): Date[] {
  const found: Date[] = [];
  let at = now;
  let past = history;
  if (!rule.automatic) return found;
  for (let step = 0; step < MAX_STEPS && found.length < count; step++) {
    const device = ideal(at, asksPasscode ?? true);
    const { action, dueAt, lookAgainAt } = decide({ device, history: past, rule, slotsFree: 1, now: at, timeZone });
    if (action === 'start') {
      found.push(at);
      const entry = { endedAt: at, automatic: true, outcome: 'done' } as const;
      past = { ...past, successes: [...past.successes, at], tries: [...past.tries, entry] };
    } else if (action === 'announce') {
      // It is told in the same minute; nobody wants to read seconds.
      past = { ...past, announcedAt: new Date(at.getTime() - MINUTE_MS) };
    } else {
      at = action === 'wait' && dueAt !== undefined && dueAt > at ? dueAt : lookAgainAt;
    }
  }
  return found;
}

function ideal(at: Date, asksPasscode: boolean): DeviceFacts {
  return {
    reachable: 'network',
    trusted: true,
    onPower: true,
    batteryPercent: 100,
    asksPasscode,
    locked: !asksPasscode,
    lastUnlockedAt: new Date(at.getTime() - MINUTE_MS),
  };
}
