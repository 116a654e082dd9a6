import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { Note, type NoteAttachment } from '../../../../../src/contract/index.ts';
import { ask, pathOf } from '../../../api/api.ts';
import { Moment } from '../../../parts/amounts.tsx';
import { Button } from '../../../parts/button.tsx';
import { PasswordField } from '../../../parts/field.tsx';
import { Form, FormActions } from '../../../parts/form.tsx';
import { Icon } from '../../../parts/icon.tsx';
import { Loaded, ProblemNote } from '../../../parts/states.tsx';
import { useFormats } from '../../../telling/use-formats.ts';
import { notesWords } from '../../../words/notes.ts';
import { useWords } from '../../../words/words.ts';
import { contentQuery } from '../version-queries.ts';
import { useVersion } from '../version.ts';
import { AttachedTo } from './attachment.tsx';
import { Blocks } from './blocks.tsx';
import styles from './notes-page.module.css';

/** One note as it was written. */
export function NoteView({ note }: { readonly note: string }) {
  const { id } = useVersion();
  const query = useQuery(contentQuery(id, ['notes', note], Note));
  return <Loaded query={query}>{(shown) => <Written note={shown} />}</Loaded>;
}

function Written({ note }: { readonly note: Note }) {
  const words = useWords(notesWords);
  const { lock, blocks, attachments, modifiedAt, problem } = note;
  const isLocked = lock !== undefined && lock !== 'open';
  const byId = new Map(attachments.map((each) => [each.id, each]));
  const parts = new Set(attachments.flatMap((each) => each.parts));
  const after = attachments.filter((each) => !each.isInText && !parts.has(each.id));
  const hasTitle = blocks?.[0]?.style === 'title';
  return (
    <article className={styles.written}>
      {modifiedAt !== undefined && (
        <p className={styles.soft}>
          {words.changed} <Moment at={modifiedAt} />
        </p>
      )}
      {!hasTitle && <h2 dir="auto">{note.title === '' ? words.noTitle : note.title}</h2>}
      {lock !== undefined && (
        <p className={styles.lock}>
          <Icon name={isLocked ? 'lock' : 'unlock'} size={18} /> <span>{words.lock[lock]}</span>
        </p>
      )}
      {(lock === 'no-password' || lock === 'wrong-password') && <UnlockNotesForm />}
      {problem !== undefined && <p className={styles.soft}>{words.unreadable}</p>}
      {blocks && (
        <Blocks
          blocks={blocks}
          attachments={byId}
          renderAttached={(each) => <AttachedTo note={note} attachment={each} byId={byId} />}
        />
      )}
      {!isLocked && after.length > 0 && <After all={after} note={note} byId={byId} />}
    </article>
  );
}

interface AfterProps {
  readonly all: readonly NoteAttachment[];
  readonly note: Note;
  readonly byId: ReadonlyMap<string, NoteAttachment>;
}

function After({ all, note, byId }: AfterProps) {
  const words = useWords(notesWords);
  return (
    <section className={styles.after} aria-label={words.attachments}>
      <h3>{words.attachments}</h3>
      {all.map((attachment) => (
        <AttachedTo key={attachment.id} note={note} attachment={attachment} byId={byId} />
      ))}
    </section>
  );
}

const Opened = z.object({ open: z.int(), locked: z.int() });

/** Locked notes have a password of their own. What it opens stays open as long as the version does. */
function UnlockNotesForm() {
  const words = useWords(notesWords);
  const format = useFormats();
  const { id } = useVersion();
  const client = useQueryClient();
  const [password, setPassword] = useState('');
  const opening = useMutation({
    mutationFn: () => ask(pathOf('snapshots', id, 'notes', 'unlock'), Opened, { method: 'POST', body: { password } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['content', id, 'notes'] }),
  });
  return (
    <Form onSubmit={() => password !== '' && !opening.isPending && opening.mutate()}>
      <PasswordField
        label={words.password}
        value={password}
        autoComplete="off"
        onChange={(event) => setPassword(event.target.value)}
      />
      <ProblemNote error={opening.error} />
      <p role="status">{opening.data && words.opened(opening.data.open, opening.data.locked, format)}</p>
      <FormActions>
        <Button type="submit" busy={opening.isPending}>
          {words.unlock}
        </Button>
      </FormActions>
    </Form>
  );
}
