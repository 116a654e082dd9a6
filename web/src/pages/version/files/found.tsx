import { useQuery } from '@tanstack/react-query';
import { FoundFiles } from '../../../../../src/contract/index.ts';
import { EmptyState, Loaded } from '../../../parts/states.tsx';
import { filesWords } from '../../../words/files.ts';
import { useWords } from '../../../words/words.ts';
import { contentQuery } from '../version-queries.ts';
import { useVersion } from '../version.ts';
import { FileTable } from './file-table.tsx';

/** Files of a name, wherever they lie. */
export function Found({ name }: { readonly name: string }) {
  const words = useWords(filesWords);
  const { id } = useVersion();
  const query = useQuery(contentQuery(id, ['files', 'find'], FoundFiles, { name, limit: 500 }));
  return (
    <Loaded
      query={query}
      lines={6}
      isEmpty={({ items }) => items.length === 0}
      empty={<EmptyState icon="search" title={words.nothingFound} />}
    >
      {({ items, isMore }) => (
        <>
          <FileTable items={items} showsPlaces />
          {isMore && <p>{words.more}</p>}
        </>
      )}
    </Loaded>
  );
}
