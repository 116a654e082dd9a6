/** What can be chosen to be taken out. */
import type { TakeOutFormats } from '../../../../../src/contract/index.ts';

export type ChosenKind = TakeOutFormats['kinds'][number];

/** As people look for things; the rest follows as the service names it. */
const ORDER = ['messages', 'photos', 'contacts', 'notes', 'calls', 'voicemail', 'whatsapp', 'calendar', 'reminders'];

export function orderKinds(kinds: readonly ChosenKind[]): ChosenKind[] {
  const rank = ({ kind }: ChosenKind): number => {
    const place = ORDER.indexOf(kind);
    return place === -1 ? ORDER.length : place;
  };
  return kinds.toSorted((a, b) => rank(a) - rank(b));
}

/** Formats that all of them have, in the order of the first. */
export function commonFormats([first, ...others]: readonly ChosenKind[]): string[] {
  if (first === undefined) return [];
  return first.formats.filter((format) => others.every(({ formats }) => formats.includes(format)));
}

/**
 * From the beginning of one day to the end of another, by the reader's clock; nothing is a bound where it is empty.
 *
 * @returns nothing where the first is after the last.
 */
export function spanOf(days: {
  readonly from: string;
  readonly until: string;
}): { from?: string; until?: string } | undefined {
  const from = days.from === '' ? undefined : new Date(`${days.from}T00:00:00`);
  const until = days.until === '' ? undefined : new Date(`${days.until}T23:59:59.999`);
  if (from !== undefined && until !== undefined && from > until) return undefined;
  return { ...(from && { from: from.toISOString() }), ...(until && { until: until.toISOString() }) };
}
