import type { SnapshotSummary } from '../../../../src/contract/index.ts';
import { writeDate } from '../../telling/time.ts';
import { useLanguage } from '../../words/language.ts';

/** "Anna’s iPhone, 21 November 2026 at 19:40": the same wherever the version is named. */
export function useVersionTitle({ deviceName, takenAt }: SnapshotSummary): string {
  const language = useLanguage();
  const when = writeDate(new Date(takenAt), language, { dateStyle: 'long', timeStyle: 'short' });
  // The name is the owner's: it is kept from turning the rest around.
  return `\u2068${deviceName}\u2069, ${when}`;
}
