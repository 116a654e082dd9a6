import { useEffect, useId, useLayoutEffect, useRef, type ReactNode } from 'react';
import { partsWords } from '../words/parts.ts';
import { useWords } from '../words/words.ts';
import { IconButton } from './button.tsx';
import styles from './dialog.module.css';

interface DialogProps {
  readonly open: boolean;
  /** Escape, the cross, or a click beside it. */
  readonly onClose: () => void;
  readonly title: string;
  readonly children: ReactNode;
  /** Buttons, the one that goes on last. */
  readonly actions?: ReactNode;
}

/** The browser's own modal dialog: it holds the focus, gives it back, and hides the rest from those who listen. */
export function Dialog({ open, onClose, title, children, actions }: DialogProps) {
  const words = useWords(partsWords);
  const titleId = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  useLayoutEffect(() => {
    const shown = dialog.current;
    // Taken out of the page while open, it would leave the focus nowhere.
    return () => shown?.close();
  }, []);
  return (
    // The keys of a dialog are the browser's: Escape closes it.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && onClose()}
    >
      {open && (
        <div className={styles.inside}>
          <h2 id={titleId} className={styles.title}>
            {title}
          </h2>
          <div className={styles.body}>{children}</div>
          {actions && <footer className={styles.actions}>{actions}</footer>}
          {/* Last, so that opening leads to the first field, or to the button that changes nothing. */}
          <IconButton icon="close" label={words.close} className={styles.close} onClick={onClose} />
        </div>
      )}
    </dialog>
  );
}
