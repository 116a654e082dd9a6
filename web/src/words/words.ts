import type { InBoth } from './in-both.ts';
import { useLanguage } from './language.ts';

/** The words in the language that is shown now. */
export function useWords<W>(words: InBoth<W>): W {
  return words[useLanguage()];
}
