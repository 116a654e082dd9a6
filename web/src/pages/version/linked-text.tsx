import type { ReactNode } from 'react';

interface OutsideProps {
  /** http, https, mailto or tel: the service lets nothing else through. */
  readonly to: string;
  /** Read out instead of what is shown, where that does not say enough. */
  readonly label?: string;
  readonly children: ReactNode;
}

/** A link that came out of a backup: it opens elsewhere and is told nothing of this page. */
export function Outside({ to, label, children }: OutsideProps) {
  if (!/^(https?|mailto|tel):/i.test(to)) return <>{children}</>;
  return (
    <a href={to} aria-label={label} target="_blank" rel="noopener noreferrer nofollow" referrerPolicy="no-referrer">
      {children}
    </a>
  );
}
