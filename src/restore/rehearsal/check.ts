/** One thing that was looked at before a restore. */

export type CheckId =
  | 'finished'
  | 'files'
  | 'encryption'
  | 'device'
  | 'ios'
  | 'model'
  | 'space'
  | 'find-my'
  | 'setup'
  | 'supervision'
  | 'battery'
  | 'unlocked'
  | 'connection';

export interface Check {
  readonly id: CheckId;
  /** `stops`: the restore would fail. `warns`: it would not, but a person should know. */
  readonly outcome: 'passed' | 'warns' | 'stops';
  /** A sentence: what was found. */
  readonly message: string;
  /** A sentence: what to do about it. There is one wherever something stops. */
  readonly hint?: string;
}

export const passed = (id: CheckId, message: string): Check => ({ id, outcome: 'passed', message });

export const warns = (id: CheckId, message: string, hint?: string): Check => ({
  id,
  outcome: 'warns',
  message,
  ...(hint === undefined ? {} : { hint }),
});

export const stops = (id: CheckId, message: string, hint: string): Check => ({ id, outcome: 'stops', message, hint });
