import type { ComponentProps, ReactNode } from 'react';
import { Link } from 'wouter';
import { classes } from './classes.ts';
import { Icon, type IconName } from './icon.tsx';
import styles from './button.module.css';

/** One primary button a page; `danger` only where something is lost; `quiet` where a border would be noise. */
export type ButtonKind = 'primary' | 'plain' | 'quiet' | 'danger';

interface ButtonProps extends ComponentProps<'button'> {
  readonly kind?: ButtonKind | undefined;
  readonly icon?: IconName | undefined;
  /** Its work is under way: it stays where it is, keeps the focus, and does nothing. */
  readonly busy?: boolean | undefined;
}

export function Button({
  kind = 'plain',
  icon,
  busy = false,
  children,
  onClick,
  type,
  className,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type ?? 'button'}
      className={classes(styles.button, styles[kind], busy && styles.busy, className)}
      aria-disabled={busy || undefined}
      onClick={(event) => (busy ? event.preventDefault() : onClick?.(event))}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

interface ButtonLinkProps {
  readonly to: string;
  readonly kind?: ButtonKind | undefined;
  readonly icon?: IconName | undefined;
  readonly children: ReactNode;
}

/** Looks like a button and goes to a page. */
export function ButtonLink({ to, kind = 'plain', icon, children }: ButtonLinkProps) {
  return (
    <Link href={to} className={classes(styles.button, styles[kind])}>
      {icon && <Icon name={icon} />}
      {children}
    </Link>
  );
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  readonly icon: IconName;
  /** What it does: read out, and shown where the pointer rests. */
  readonly label: string;
}

export function IconButton({ icon, label, className, type, ...rest }: IconButtonProps) {
  return (
    <button
      {...rest}
      type={type ?? 'button'}
      className={classes(styles.iconButton, className)}
      aria-label={label}
      title={label}
    >
      <Icon name={icon} />
    </button>
  );
}
