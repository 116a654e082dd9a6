import { searchWords } from '../../../words/search.ts';
import { versionWords } from '../../../words/version.ts';
import { useWords } from '../../../words/words.ts';

/** What a kind is called; kinds that have no page are called as the service does. */
export function useNameOfKind(): (kind: string) => string {
  const { kinds } = useWords(versionWords);
  const { otherKinds } = useWords(searchWords);
  const names: Readonly<Record<string, string>> = { ...otherKinds, ...kinds };
  return (kind) => names[kind] ?? kind;
}
