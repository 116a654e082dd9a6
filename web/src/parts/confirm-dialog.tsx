import type { ReactNode } from 'react';
import { partsWords } from '../words/parts.ts';
import { useWords } from '../words/words.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { ProblemNote } from './states.tsx';

interface ConfirmDialogProps {
  readonly title: string;
  /** What goes, and what stays. */
  readonly children: ReactNode;
  /** What the button that does it says, such as "Remove the account". */
  readonly yes: string;
  /** What the one that changes nothing says, where that is more than "Cancel". */
  readonly no?: string;
  readonly onYes: () => void;
  readonly onClose: () => void;
  readonly busy: boolean;
  readonly error: unknown;
}

/** Asks before something is lost. The focus begins on what changes nothing. */
export function ConfirmDialog({ title, children, yes, no, onYes, onClose, busy, error }: ConfirmDialogProps) {
  const words = useWords(partsWords);
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      actions={
        <>
          <Button onClick={onClose}>{no ?? words.cancel}</Button>
          <Button kind="danger" busy={busy} onClick={onYes}>
            {yes}
          </Button>
        </>
      }
    >
      <p>{children}</p>
      <ProblemNote error={error} />
    </Dialog>
  );
}
