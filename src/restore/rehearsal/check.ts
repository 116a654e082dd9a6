/** One thing that was looked at before a restore. */
import type { RestoreFindingCode, RestoreFindings } from '../../contract/index.ts';

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
  /** The same for whoever speaks another language. */
  readonly code: RestoreFindingCode;
  readonly values: Readonly<Record<string, string | number | boolean>>;
}

/** What was found: its code, and what belongs to it. */
type Finding<C extends RestoreFindingCode> = readonly [code: C, values: RestoreFindings[C]];

export const passed = <C extends RestoreFindingCode>(
  id: CheckId,
  [code, values]: Finding<C>,
  message: string,
): Check => ({ id, outcome: 'passed', message, code, values: { ...values } });

export const warns = <C extends RestoreFindingCode>(
  id: CheckId,
  [code, values]: Finding<C>,
  message: string,
  hint?: string,
): Check => ({ id, outcome: 'warns', message, ...(hint === undefined ? {} : { hint }), code, values: { ...values } });

export const stops = <C extends RestoreFindingCode>(
  id: CheckId,
  [code, values]: Finding<C>,
  message: string,
  hint: string,
): Check => ({ id, outcome: 'stops', message, hint, code, values: { ...values } });
