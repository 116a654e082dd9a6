import { takeOutWords } from '../../../words/take-out.ts';
import { versionWords } from '../../../words/version.ts';
import { useWords } from '../../../words/words.ts';

/** What a kind is called; as the service calls it where no page knows it. */
export function useKindName(): (kind: string, title?: string) => string {
  const shelf: Readonly<Record<string, string>> = useWords(versionWords).kinds;
  const { kinds } = useWords(takeOutWords);
  return (kind, title = kind) => shelf[kind] ?? kinds[kind] ?? title;
}
