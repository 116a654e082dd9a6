import type { FileRef, Note, NoteAttachment } from '../../../../../src/contract/index.ts';
import { notesWords } from '../../../words/notes.ts';
import { useWords } from '../../../words/words.ts';
import { FileView } from '../file-view.tsx';
import { Outside } from '../linked-text.tsx';
import { contentAddress } from '../version-queries.ts';
import { useVersion } from '../version.ts';
import { Blocks } from './blocks.tsx';
import styles from './notes-page.module.css';

interface AttachedProps {
  readonly note: Note;
  readonly attachment: NoteAttachment;
  readonly byId: ReadonlyMap<string, NoteAttachment>;
}

/** Something that stands in a note or after it. */
export function AttachedTo({ note, attachment, byId }: AttachedProps) {
  const words = useWords(notesWords);
  const { table, file, picture, title, text, link, transcript, recognised, parts } = attachment;
  const shown = file ?? picture;
  const isCard = shown === undefined && table === undefined;
  return (
    <div className={styles.attachment}>
      {table && <Table table={table} note={note} byId={byId} />}
      {picture !== undefined && picture !== shown && picture.shownAs === 'picture' && file?.shownAs !== 'picture' && (
        <File note={note} attachment={attachment} file={picture} part="picture" />
      )}
      {shown && <File note={note} attachment={attachment} file={shown} part={file ? 'file' : 'picture'} />}
      {(title !== undefined || link !== undefined) && (
        <p className={isCard ? styles.linkCard : styles.soft} dir="auto">
          {link === undefined ? title : <Outside to={link}>{title ?? link}</Outside>}
        </p>
      )}
      {isCard && text !== undefined && text !== title && <p dir="auto">{text}</p>}
      {transcript !== undefined && (
        <details>
          <summary>{words.transcript}</summary>
          <p dir="auto">{transcript}</p>
        </details>
      )}
      {recognised !== undefined && (
        <details>
          <summary>{words.recognised}</summary>
          <p dir="auto">{recognised}</p>
        </details>
      )}
      {parts.length > 0 && (
        <div className={styles.parts}>
          {parts.map((part) => {
            const found = byId.get(part);
            return found && found !== attachment ? (
              <AttachedTo key={part} note={note} attachment={found} byId={byId} />
            ) : null;
          })}
        </div>
      )}
    </div>
  );
}

interface FileProps {
  readonly note: Note;
  readonly attachment: NoteAttachment;
  readonly file: FileRef;
  readonly part: 'file' | 'picture';
}

/** Files of notes that were locked lie sealed: they come by another way. */
function File({ note, attachment, file, part }: FileProps) {
  const { id } = useVersion();
  if (note.lock !== 'open') return <FileView file={file} />;
  const address = contentAddress(id, ['notes', note.id, 'attachments', attachment.id], { part });
  return <FileView file={file} addresses={{ original: address, view: address, thumbnail: address }} />;
}

type TableOf = NonNullable<NoteAttachment['table']>;

function Table({ table, note, byId }: { readonly table: TableOf } & Pick<AttachedProps, 'note' | 'byId'>) {
  const words = useWords(notesWords);
  return (
    // A wide table scrolls by itself, also with the keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={styles.tableFrame} role="group" aria-label={words.table} tabIndex={0}>
      <table dir={table.isRightToLeft ? 'rtl' : 'auto'}>
        <tbody>
          {table.rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, column) => (
                <td key={column}>
                  <Blocks
                    blocks={cell}
                    attachments={byId}
                    renderAttached={(each) => <AttachedTo note={note} attachment={each} byId={byId} />}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
