import { writeDate } from '../../../telling/time.ts';
import type { Language } from '../../../words/language.ts';

export type Span = 'day' | 'week' | 'month';

/** "3 Nov 2026" for a day and for the first day of a week, "November 2026" for a month. */
export function tellSpan(day: string, by: Span, language: Language): string {
  const date = new Date(`${day}T12:00:00`);
  if (by === 'month') return writeDate(date, language, { month: 'long', year: 'numeric' });
  return writeDate(date, language, { day: 'numeric', month: 'short', year: 'numeric' });
}

/** What stands under the axis: short, and only where something begins. */
export function tickOf(day: string, by: Span, language: Language): string {
  const date = new Date(`${day}T12:00:00`);
  if (by === 'month') return writeDate(date, language, { month: 'short' });
  return writeDate(date, language, { day: 'numeric', month: 'short' });
}
