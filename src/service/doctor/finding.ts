import { type ErrorCode, isAppError } from '../../shared/errors.ts';
import { sentence } from '../../shared/text/sentence.ts';

/** One thing that was looked at. */
export interface Finding {
  /** What was looked at, for scripts: "usbmuxd", "device", "vault" … */
  readonly check: string;
  /** `attention` works, but not as well as it could; `problem` does not. */
  readonly state: 'ok' | 'attention' | 'problem';
  /** What was found, as a sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string | undefined;
  readonly code?: ErrorCode | undefined;
  readonly udid?: string | undefined;
}

/** What kept something from being looked at, as a finding. @throws `error` when it is none of ours, or says to stop. */
export function problem(check: string, error: unknown): Finding {
  if (!isAppError(error) || error.code === 'CANCELLED') throw error;
  const { code, message, hint } = error;
  return { check, state: 'problem', code, message: sentence(message), hint };
}
