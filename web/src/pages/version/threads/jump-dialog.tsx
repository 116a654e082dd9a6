import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { ConversationMonths } from '../../../../../src/contract/index.ts';
import { Button } from '../../../parts/button.tsx';
import { Dialog } from '../../../parts/dialog.tsx';
import { TextField } from '../../../parts/field.tsx';
import { Form, FormActions } from '../../../parts/form.tsx';
import { Loaded } from '../../../parts/states.tsx';
import { writeDate } from '../../../telling/time.ts';
import { useFormats } from '../../../telling/use-formats.ts';
import { useLanguage } from '../../../words/language.ts';
import { messagesWords } from '../../../words/messages.ts';
import { useWords } from '../../../words/words.ts';
import { contentQuery } from '../version-queries.ts';
import { useVersion } from '../version.ts';
import styles from './jump-dialog.module.css';

interface JumpDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** Where the months of the conversation are, if they are counted. */
  readonly months?: readonly string[];
  /** @param entrance `at=5`, `around=…`, or nothing for the newest. */
  readonly onJump: (entrance: string) => void;
}

/** Where in a long conversation to go on reading. */
export function JumpDialog({ open, onClose, months, onJump }: JumpDialogProps) {
  const words = useWords(messagesWords);
  const [day, setDay] = useState('');
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={words.jump.title}
      actions={<Button onClick={() => onJump('')}>{words.jump.newest}</Button>}
    >
      <Form onSubmit={() => day !== '' && onJump(`around=${encodeURIComponent(startOfDay(day))}`)}>
        <TextField label={words.jump.day} type="date" value={day} onChange={(event) => setDay(event.target.value)} />
        <FormActions>
          <Button type="submit" kind="primary">
            {words.jump.go}
          </Button>
        </FormActions>
      </Form>
      {months && open && <Months path={months} onJump={onJump} />}
    </Dialog>
  );
}

interface MonthsProps {
  readonly path: readonly string[];
  readonly onJump: (entrance: string) => void;
}

function Months({ path, onJump }: MonthsProps) {
  const words = useWords(messagesWords);
  const { id } = useVersion();
  const language = useLanguage();
  const format = useFormats();
  const query = useQuery(contentQuery(id, path, ConversationMonths));
  return (
    <Loaded query={query}>
      {({ months }) => (
        <section className={styles.months} aria-label={words.jump.months}>
          <h3>{words.jump.months}</h3>
          <ul>
            {months.toReversed().map(({ month, messages, n }) => (
              <li key={month}>
                <Button kind="quiet" onClick={() => onJump(`at=${n}`)}>
                  {writeDate(new Date(`${month}-15T12:00:00`), language, { month: 'long', year: 'numeric' })}
                </Button>
                <span className={styles.count}>{format.number(messages)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Loaded>
  );
}

/** Midnight of the reader’s clock. */
function startOfDay(day: string): string {
  return new Date(`${day}T00:00:00`).toISOString();
}
