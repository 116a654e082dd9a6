import type { Reason } from '../reason.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { type Formats, formatsOf, type Language } from './formats.ts';

type Sentence = (values: Reason['values'], format: Formats) => string;

const WORDS: Record<Language, object> = { en, de };

/**
 * A reason as a sentence for a person, with its full stop.
 *
 * @param timeZone an IANA name: the service's for mails, the reader's in a browser.
 * @returns the code itself where it is not known: a page that is older than its service must not fail over it.
 *
 * @example
 * say(because('not-due', { dueAt }), 'en', new Date(), 'Europe/Berlin') // The next one is due today at 22:00.
 */
export function say(reason: Reason, language: Language, now: Date, timeZone: string): string {
  const words = WORDS[language];
  if (!Object.hasOwn(words, reason.code)) return reason.code;
  // Codes and their values come from `because`, which keeps them together.
  const sentence = (words as Record<string, Sentence>)[reason.code];
  return sentence?.(reason.values, formatsOf(language, now, timeZone)) ?? reason.code;
}

/** Several reasons as one text, the most important first. */
export function sayAll(reasons: readonly Reason[], language: Language, now: Date, timeZone: string): string {
  return reasons.map((reason) => say(reason, language, now, timeZone)).join(' ');
}
