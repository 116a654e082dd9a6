import type { NoValues } from './reason-values.ts';

/** What alarms say, what to do about each, that one is over, and the sentences of messages around them. */
export type AlarmReasons = {
  'alarm-overdue': { readonly name: string; readonly days: number };
  'alarm-overdue-first': { readonly name: string; readonly days: number };
  /** `error` is one of the codes in docs/exit-codes.md. */
  'alarm-failing': { readonly name: string; readonly tries: number; readonly error: string };
  'alarm-not-confirmed': { readonly name: string; readonly tries: number; readonly at: string };
  'alarm-disk-filling': { readonly freeBytes: number; readonly fullOn: string };
  'alarm-disk-full': { readonly freeBytes: number };
  'alarm-pairing-lapses': { readonly name: string; readonly daysLeft: number };
  'alarm-pairing-over': { readonly name: string };
  'alarm-password-unknown': { readonly name: string };
  'alarm-copy-late': { readonly copy: string; readonly days: number };
  'alarm-copy-never': { readonly copy: string };
  'alarm-copy-failing': { readonly copy: string; readonly tries: number; readonly error: string };
  'alarm-checkup-failed': { readonly at: string; readonly problems: number };
  'alarm-checkup-broke-off': { readonly at: string };
  'alarm-checkup-late': { readonly days: number };
  'alarm-version-shrunk': { readonly name: string; readonly at: string; readonly percent: number };
  /** What the clock shows, and the latest time that is known to have been. */
  'alarm-clock-wrong': {
    readonly shows: string;
    readonly latest: string;
    /** Of the version that is dated so, if it is one. */
    readonly name?: string;
    readonly version?: string;
  };
  'alarm-version-misdated': { readonly name: string; readonly version: string; readonly at: string };
  'alarm-vault-missing': { readonly place: string };
  'alarm-settings-invalid': NoValues;
  'alarm-cannot-tell': { readonly channel: string; readonly since: string };

  // The next step.
  'do-bring-home': NoValues;
  'do-enter-passcode': NoValues;
  'do-wait-for-next-try': NoValues;
  'do-about-error': { readonly error: string };
  'do-make-room': NoValues;
  'do-come-near': NoValues;
  'do-connect-once': NoValues;
  'do-keep-password': NoValues;
  'do-connect-copy': NoValues;
  'do-read-report': NoValues;
  'do-start-checkup': NoValues;
  'do-compare-versions': { readonly until?: string };
  'do-set-clock': NoValues;
  'do-set-clock-or-forget': { readonly version: string };
  'do-forget-misdated': { readonly version: string };
  'do-connect-vault': NoValues;
  'do-correct-settings': NoValues;
  'do-check-channel': NoValues;

  // It is over.
  'over-overdue': { readonly name: string };
  'over-failing': { readonly name: string };
  'over-not-confirmed': { readonly name: string };
  'over-disk-filling': NoValues;
  'over-pairing-lapses': { readonly name: string };
  'over-password-unknown': { readonly name: string };
  'over-copy-late': { readonly copy: string };
  'over-copy-failing': { readonly copy: string };
  'over-checkup-failed': NoValues;
  'over-checkup-late': NoValues;
  'over-version-shrunk': { readonly name: string };
  'over-clock-wrong': NoValues;
  'over-version-misdated': { readonly name: string };
  'over-vault-missing': NoValues;
  'over-settings-invalid': NoValues;
  'over-copies-unreadable': NoValues;
  'over-cannot-tell': { readonly channel: string };

  // Around them.
  'notice-several': { readonly count: number };
  'notice-several-over': { readonly count: number };
  'notice-well': NoValues;
  'notice-announce': { readonly name: string };
  'notice-test': { readonly channel: string };
  'level-safe': NoValues;
  'level-attention': NoValues;
  'level-at-risk': NoValues;
  'notice-from': { readonly computer: string };
  'well-device': { readonly name: string; readonly at: string };
};
