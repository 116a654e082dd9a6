import { useMemo } from 'react';
import {
  explainRule,
  formatsOf,
  say,
  sayAll,
  type BackupRule,
  type Formats,
  type Reason,
} from '../../../src/contract/index.ts';
import { useLanguage } from '../words/language.ts';
import { useNow } from './use-now.ts';

/** The reader's own, where the clock on the wall is what counts. */
const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Writes amounts and times in the language that is shown, as of this minute. */
export function useFormats(): Formats {
  const language = useLanguage();
  const now = useNow();
  return useMemo(() => formatsOf(language, now, TIME_ZONE), [language, now]);
}

/** Says reasons of the service as sentences, the most important first. */
export function useSay(): (...reasons: readonly Reason[]) => string {
  const language = useLanguage();
  const now = useNow();
  return (first, ...more) => {
    if (first === undefined) return '';
    return more.length === 0
      ? say(first, language, now, TIME_ZONE)
      : sayAll([first, ...more], language, now, TIME_ZONE);
  };
}

/** Says what a rule means for a device; one of which nothing is known is taken to ask for its passcode. */
export function useRuleSentence(): (rule: BackupRule, asksPasscode?: boolean) => string {
  const language = useLanguage();
  const now = useNow();
  return (rule, asksPasscode) => explainRule(rule, { language, now, timeZone: TIME_ZONE, asksPasscode });
}
