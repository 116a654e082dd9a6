import type { NoValues } from './reason-values.ts';

/** Why a device is backed up now, later, or not at all; and how it stands. */
export type RuleReasons = {
  // Why nothing starts by itself.
  'rule-off': NoValues;
  paused: { readonly until: string };
  'not-trusted': NoValues;
  // Whether it is time.
  'not-due': { readonly dueAt: string };
  due: { readonly since: string };
  'due-first': NoValues;
  // What is waited for.
  running: NoValues;
  'slot-taken': NoValues;
  'out-of-reach': { readonly lastSeenAt?: string };
  'needs-power': NoValues;
  'power-unknown': { readonly until: string };
  'needs-lock': NoValues;
  'lock-unknown': { readonly until: string };
  'battery-low': { readonly percent: number; readonly minPercent: number };
  'outside-window': { readonly from: string; readonly to: string; readonly opensAt: string };
  'retry-later': { readonly nextAt: string };
  'stopped-by-hand': { readonly at: string; readonly nextAt: string };
  // Devices that ask for the passcode.
  'asks-passcode': NoValues;
  'waits-for-unlock': NoValues;
  'prompt-unanswered': { readonly at: string; readonly nextAt: string };
  'prompts-used-up': { readonly count: number; readonly nextAt: string };
  // How it stands.
  'verdict-safe': { readonly name: string };
  'verdict-attention': { readonly name: string };
  'verdict-at-risk': { readonly name: string };
  'verdict-unknown': { readonly name: string };
  'backed-up': { readonly at: string };
  'never-backed-up': NoValues;
  overdue: { readonly days: number };
  'overdue-first': { readonly days: number };
  'late-for-days': { readonly days: number };
  'last-not-confirmed': { readonly at: string };
  'last-failed': { readonly at: string; readonly failures: number };
  'not-encrypted': NoValues;
  'pairing-soon': { readonly daysLeft: number };
  'pairing-over': NoValues;
  'newest-damaged': NoValues;
};
