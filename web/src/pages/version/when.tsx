import { exactTime, writeDate } from '../../telling/time.ts';
import { useLanguage } from '../../words/language.ts';

/** "23 Oct 2026, 20:24": in lists, where a sentence would be too much. */
export function When({ at }: { readonly at: string }) {
  const language = useLanguage();
  const date = new Date(at);
  return (
    <time dateTime={at} title={exactTime(date, language)}>
      {writeDate(date, language, { dateStyle: 'medium', timeStyle: 'short' })}
    </time>
  );
}
