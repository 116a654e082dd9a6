import { writeDate } from '../../../telling/time.ts';
import { calendarWords } from '../../../words/calendar.ts';
import { useLanguage } from '../../../words/language.ts';
import { useWords } from '../../../words/words.ts';
import { readRule } from './read-rule.ts';

/** Writes how often something repeats: "Every 2 weeks, until 1 May 2027". */
export function useRules(): (rules: readonly string[]) => string {
  const words = useWords(calendarWords);
  const language = useLanguage();
  return (rules) =>
    rules
      .map((rule) => {
        const { frequency, interval, count, until } = readRule(rule);
        if (frequency === undefined) return rule;
        const every = interval > 1 ? words.everyNth[frequency](interval) : words.rules[frequency];
        if (until !== undefined) {
          return words.untilDay(every, writeDate(new Date(`${until}T12:00:00`), language, { dateStyle: 'medium' }));
        }
        return count === undefined ? every : words.times(every, count);
      })
      .join('; ');
}
