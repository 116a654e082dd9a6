import type { Bookmark } from '../../../../../src/contract/index.ts';
import { useFormats } from '../../../telling/use-formats.ts';
import { safariWords } from '../../../words/safari.ts';
import { useWords } from '../../../words/words.ts';
import { When } from '../when.tsx';
import { Site } from './site.tsx';
import styles from './safari-page.module.css';

interface BookmarkListProps {
  readonly bookmarks: readonly Bookmark[];
  /** Whether folders begin opened. */
  readonly isOpen?: boolean;
}

/** Bookmarks in their folders. */
export function BookmarkList({ bookmarks, isOpen = false }: BookmarkListProps) {
  return (
    <ul>
      {bookmarks.map((bookmark) =>
        bookmark.kind === 'folder' ? (
          <Folder key={bookmark.id} folder={bookmark} isOpen={isOpen} />
        ) : (
          <Leaf key={bookmark.id} bookmark={bookmark} />
        ),
      )}
    </ul>
  );
}

function Folder({ folder, isOpen }: { readonly folder: Bookmark; readonly isOpen: boolean }) {
  const words = useWords(safariWords);
  const format = useFormats();
  return (
    <li>
      <details className={styles.folder} open={isOpen && folder.children.length > 0}>
        <summary>
          <bdi>{words.roles[folder.role ?? ''] ?? folder.title}</bdi>
          <span className={styles.soft}> {words.count(folder.children.length, format)}</span>
        </summary>
        <div className={styles.below}>
          {folder.children.length === 0 ? (
            <p className={styles.soft}>{words.emptyFolder}</p>
          ) : (
            <BookmarkList bookmarks={folder.children} />
          )}
        </div>
      </details>
    </li>
  );
}

function Leaf({ bookmark }: { readonly bookmark: Bookmark }) {
  const words = useWords(safariWords);
  const { title, url = '', link, isRead, addedAt, excerpt } = bookmark;
  return (
    <Site
      title={title}
      url={url}
      link={link}
      facts={[isRead === false && words.unread, addedAt !== undefined && <When key="added" at={addedAt} />, excerpt]}
    />
  );
}
