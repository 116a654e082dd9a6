import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { Notes } from '../../../../../src/contract/index.ts';
import { useFormats } from '../../../telling/use-formats.ts';
import { notesWords } from '../../../words/notes.ts';
import { useWords } from '../../../words/words.ts';
import { contentQuery } from '../version-queries.ts';
import { useVersion } from '../version.ts';
import styles from './notes-page.module.css';

/** Which folder's notes are listed. Folders of several accounts stand under the name of theirs. */
export function FolderChoice({ chosen }: { readonly chosen: string | undefined }) {
  const words = useWords(notesWords);
  const format = useFormats();
  const { id, base } = useVersion();
  const [, navigate] = useLocation();
  const { data } = useQuery(contentQuery(id, ['notes'], Notes, { limit: 1 }));
  if (data === undefined || data.folders.length < 2) return null;
  const byAccount = Map.groupBy(data.folders, ({ account = '' }) => account);
  return (
    <div className={styles.folders}>
      <select
        aria-label={words.folder}
        value={chosen ?? ''}
        onChange={({ target: { value } }) => {
          navigate(`${base}/notes${value === '' ? '' : `?${new URLSearchParams({ folder: value }).toString()}`}`);
        }}
      >
        <option value="">{words.allFolders(data.total, format)}</option>
        {[...byAccount].map(([account, folders]) => (
          <optgroup key={account} label={account === '' ? words.folder : account}>
            {folders.map((folder) => (
              <option key={folder.id} value={folder.id}>
                {words.folderCount(folder.path.join(' / '), folder.notes, format)}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </div>
  );
}
