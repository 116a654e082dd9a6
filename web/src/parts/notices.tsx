import { useSyncExternalStore } from 'react';
import { partsWords } from '../words/parts.ts';
import { useWords } from '../words/words.ts';
import { Button, IconButton } from './button.tsx';
import styles from './notices.module.css';

interface Notice {
  readonly id: number;
  readonly text: string;
  readonly onUndo: (() => void) | undefined;
}

const SHOWN_MS = 6_000;
/** Time to think again. */
const SHOWN_WITH_UNDO_MS = 12_000;

let notices: readonly Notice[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

/** Says for a moment that something was done; with `onUndo`, offers to take it back. Read out to those who listen. */
export function notify(text: string, onUndo?: () => void): void {
  lastId += 1;
  const id = lastId;
  show([...notices.slice(-2), { id, text, onUndo }]);
  setTimeout(() => dismiss(id), onUndo ? SHOWN_WITH_UNDO_MS : SHOWN_MS);
}

/** Where notices appear: once, in the frame around all pages. */
export function Notices() {
  const words = useWords(partsWords);
  const shown = useSyncExternalStore(subscribe, () => notices);
  return (
    <div className={styles.notices} role="status" aria-live="polite">
      {shown.map(({ id, text, onUndo }) => (
        <div key={id} className={styles.notice}>
          <span>{text}</span>
          {onUndo && (
            <Button
              kind="quiet"
              onClick={() => {
                dismiss(id);
                onUndo();
              }}
            >
              {words.undo}
            </Button>
          )}
          <IconButton icon="close" label={words.close} onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  );
}

function dismiss(id: number): void {
  show(notices.filter((notice) => notice.id !== id));
}

function show(next: readonly Notice[]): void {
  notices = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
