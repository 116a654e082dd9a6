import { useEffect, useId, useRef, type KeyboardEvent } from 'react';
import { useWords } from '../words/words.ts';
import { partsWords } from '../words/parts.ts';
import { Icon, type IconName } from './icon.tsx';
import { IconButton } from './button.tsx';
import styles from './menu.module.css';

export interface MenuItem {
  readonly label: string;
  readonly icon?: IconName;
  readonly onSelect: () => void;
  readonly disabled?: boolean;
}

interface MenuProps {
  /** What it is a menu for: "More about Anna’s iPhone". */
  readonly label?: string;
  readonly icon?: IconName;
  readonly items: readonly MenuItem[];
}

/** A button that opens a list of things to do. Arrow keys go through it, Escape closes it and gives the focus back. */
export function Menu({ label, icon = 'more', items }: MenuProps) {
  const words = useWords(partsWords);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const opened = list.current;
    const onToggle = (event: Event): void => {
      const open = event instanceof ToggleEvent && event.newState === 'open';
      button.current?.setAttribute('aria-expanded', String(open));
      if (open) place(opened, button.current);
      if (open) choices(opened)[0]?.focus();
    };
    opened?.addEventListener('toggle', onToggle);
    return () => opened?.removeEventListener('toggle', onToggle);
  }, []);
  return (
    <>
      <IconButton
        ref={button}
        icon={icon}
        label={label ?? words.more}
        popoverTarget={id}
        aria-haspopup="menu"
        aria-expanded="false"
      />
      <div ref={list} id={id} popover="auto" role="menu" tabIndex={-1} className={styles.menu} onKeyDown={moveFocus}>
        {items.map((item) => (
          <button
            key={item.label}
            type="button"
            role="menuitem"
            tabIndex={-1}
            disabled={item.disabled}
            onClick={() => {
              list.current?.hidePopover();
              item.onSelect();
            }}
          >
            {item.icon && <Icon name={item.icon} />}
            {item.label}
          </button>
        ))}
      </div>
    </>
  );
}

function choices(menu: HTMLElement | null): HTMLButtonElement[] {
  return [...(menu?.querySelectorAll<HTMLButtonElement>('button:not(:disabled)') ?? [])];
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const all = choices(event.currentTarget);
  const at = all.findIndex((each) => each === document.activeElement);
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: (at + 1) % all.length,
    ArrowUp: (at - 1 + all.length) % all.length,
    Home: 0,
    End: all.length - 1,
  };
  const next = steps[event.key];
  if (event.key === 'Tab') event.currentTarget.hidePopover();
  if (next === undefined) return;
  event.preventDefault();
  all[next]?.focus();
}

/** Under the button, its edge at the button's, and never beyond the window. */
function place(menu: HTMLElement | null, button: HTMLElement | null): void {
  if (!menu || !button) return;
  const at = button.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.right - menu.offsetWidth, window.innerWidth - menu.offsetWidth - 8));
  const below = at.bottom + 4 + menu.offsetHeight <= window.innerHeight;
  menu.style.left = `${left}px`;
  menu.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - 4 - menu.offsetHeight)}px`;
}
