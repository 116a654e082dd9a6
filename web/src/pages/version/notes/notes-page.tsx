import { Link, useSearchParams } from 'wouter';
import { Notes, type NoteSummary } from '../../../../../src/contract/index.ts';
import { RelativeTime } from '../../../parts/amounts.tsx';
import { Icon } from '../../../parts/icon.tsx';
import { EmptyState } from '../../../parts/states.tsx';
import { useFormats } from '../../../telling/use-formats.ts';
import { notesWords } from '../../../words/notes.ts';
import { useWords } from '../../../words/words.ts';
import { Endless } from '../endless.tsx';
import { KindPage } from '../kind-page.tsx';
import { Panes } from '../panes.tsx';
import { addressIn, useVersion } from '../version.ts';
import { FolderChoice } from './folder-choice.tsx';
import { NoteView } from './note-view.tsx';
import { classes } from '../../../parts/classes.ts';
import link from '../../../parts/list-link.module.css';
import styles from './notes-page.module.css';

/** Notes by folder, and the one that was chosen. */
export default function NotesPage() {
  const words = useWords(notesWords);
  const { base, rest } = useVersion();
  const [search] = useSearchParams();
  const folder = search.get('folder') ?? undefined;
  const chosen = rest[0];
  const list = `${base}/notes${search.size === 0 ? '' : `?${search.toString()}`}`;
  return (
    <KindPage
      title={words.title}
      isInside={chosen !== undefined}
      back={chosen === undefined ? undefined : { to: list, label: words.title }}
    >
      <Panes
        listLabel={words.title}
        list={<NoteList folder={folder} chosen={chosen} />}
        isChosen={chosen !== undefined}
        detailLabel={words.note}
        detail={chosen === undefined ? <EmptyState title={words.choose} /> : <NoteView key={chosen} note={chosen} />}
      />
    </KindPage>
  );
}

interface NoteListProps {
  readonly folder: string | undefined;
  readonly chosen: string | undefined;
}

function NoteList({ folder, chosen }: NoteListProps) {
  const words = useWords(notesWords);
  return (
    <>
      <FolderChoice chosen={folder} />
      <Endless
        key={folder ?? ''}
        path={['notes']}
        schema={Notes}
        query={folder === undefined ? {} : { folder }}
        empty={<EmptyState title={folder === undefined ? words.none : words.noneInFolder} />}
      >
        {(notes) => (
          <ul>
            {notes.map((note) => (
              <NoteItem key={note.id} note={note} folder={folder} isChosen={note.id === chosen} />
            ))}
          </ul>
        )}
      </Endless>
    </>
  );
}

interface NoteItemProps {
  readonly note: NoteSummary;
  readonly folder: string | undefined;
  readonly isChosen: boolean;
}

function NoteItem({ note, folder, isChosen }: NoteItemProps) {
  const words = useWords(notesWords);
  const format = useFormats();
  const { base } = useVersion();
  const { id, title, excerpt, lock, isPinned, isDeleted, modifiedAt, attachments } = note;
  const isLocked = lock !== undefined && lock !== 'open';
  const query = folder === undefined ? '' : `?${new URLSearchParams({ folder }).toString()}`;
  const line = isLocked ? words.locked : excerpt || (attachments > 0 ? words.attachmentCount(attachments, format) : '');
  return (
    <li className={styles.item}>
      <Link
        href={addressIn(base, 'notes', id) + query}
        className={classes(link.link, styles.note)}
        aria-current={isChosen ? 'page' : undefined}
      >
        <span className={link.title} dir="auto">
          {title === '' ? words.noTitle : title}
        </span>
        <span className={link.line} dir="auto">
          {line}
        </span>
        <span className={styles.facts}>
          {isPinned === true && (
            <span>
              <Icon name="pin" size={14} /> {words.pinned}
            </span>
          )}
          {isLocked && <Icon name="lock" size={14} />}
          {isDeleted && <span>{words.deleted}</span>}
          {modifiedAt !== undefined && <RelativeTime at={modifiedAt} />}
        </span>
      </Link>
    </li>
  );
}
