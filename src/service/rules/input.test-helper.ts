import { BackupRule } from '../../contract/index.ts';
import { momentOf } from '../../shared/time/time-zone.ts';
import type { DeviceFacts, PastTry, RuleHistory, RuleInput } from './facts.ts';

export const BERLIN = 'Europe/Berlin';

/** A time on a wall in Berlin: `at('2026-11-22 19:00')`. */
export function at(wall: string): Date {
  const [day = '', clock = '00:00'] = wall.split(' ');
  return momentOf(BERLIN, `${day}T${clock.length === 5 ? `${clock}:00` : clock}`);
}

/** At home over Wi-Fi, plugged in, locked; does not ask for a passcode. All that a backup needs. */
export const READY: DeviceFacts = {
  reachable: 'network',
  trusted: true,
  onPower: true,
  batteryPercent: 80,
  locked: true,
  asksPasscode: false,
};

/** At home over Wi-Fi, on battery, locked in a pocket; asks for its passcode at every backup. */
export const ASKING: DeviceFacts = { ...READY, onPower: false, asksPasscode: true };

export interface Scene {
  readonly now: string;
  readonly device?: DeviceFacts;
  readonly successes?: readonly string[];
  readonly tries?: readonly PastTry[];
  readonly history?: Partial<RuleHistory>;
  readonly rule?: Partial<BackupRule>;
  readonly slotsFree?: number;
}

export function scene({
  now,
  device = READY,
  successes = [],
  tries = [],
  history,
  rule,
  slotsFree = 2,
}: Scene): RuleInput {
  return {
    device,
    history: { successes: successes.map(at), tries, knownSince: at('2026-01-01 12:00'), ...history },
    rule: { ...BackupRule.parse({}), ...rule },
    slotsFree,
    now: at(now),
    timeZone: BERLIN,
  };
}

/** A try of the rule that ended so. */
export function tried(wall: string, outcome: PastTry['outcome'], more: Partial<PastTry> = {}): PastTry {
  return { endedAt: at(wall), automatic: true, outcome, ...more };
}

export const codesOf = ({ reasons }: { readonly reasons: readonly { readonly code: string }[] }): string[] =>
  reasons.map(({ code }) => code);
