import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { Dialog } from '../parts/dialog.tsx';
import { shellWords } from '../words/shell.ts';
import { useWords } from '../words/words.ts';
import styles from './shortcuts.module.css';

/** After `g`, the next key says where to. */
const GO_TO: Readonly<Record<string, string>> = { h: '/', a: '/alarms', s: '/settings', y: '/you' };
const SECOND_KEY_MS = 1_500;

interface ShortcutsProps {
  readonly onToggleJobs: () => void;
}

/** Single keys for those who keep their hands on the keyboard; `?` lists them. None works while something is typed. */
export function Shortcuts({ onToggleJobs }: ShortcutsProps) {
  const { keys: words } = useWords(shellWords);
  const [listed, setListed] = useState(false);
  const [, navigate] = useLocation();
  const goSince = useRef(0);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const target = event.timeStamp - goSince.current < SECOND_KEY_MS ? GO_TO[event.key] : undefined;
      goSince.current = event.key === 'g' ? event.timeStamp : -SECOND_KEY_MS;
      if (target !== undefined) navigate(target);
      else if (event.key === '?') setListed(true);
      else if (event.key === 'j') onToggleJobs();
      else if (event.key === '/') focusSearch(event);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [navigate, onToggleJobs]);
  const list = [
    { keys: ['?'], does: words.help },
    { keys: ['g', 'h'], does: words.goHome },
    { keys: ['g', 'a'], does: words.goAlarms },
    { keys: ['g', 's'], does: words.goSettings },
    { keys: ['g', 'y'], does: words.goYou },
    { keys: ['j'], does: words.jobs },
    { keys: ['/'], does: words.search },
  ];
  return (
    <Dialog open={listed} onClose={() => setListed(false)} title={words.title}>
      <dl className={styles.list}>
        {list.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key, index) => (
                <span key={key}>
                  {index > 0 && <span className={styles.then}> {words.andThen} </span>}
                  <kbd>{key}</kbd>
                </span>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** A page's search field says so with `type="search"`. */
function focusSearch(event: KeyboardEvent): void {
  const field = document.querySelector<HTMLInputElement>('main input[type="search"]');
  if (!field) return;
  event.preventDefault();
  field.focus();
}
