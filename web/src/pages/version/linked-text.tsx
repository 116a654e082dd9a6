import type { ReactNode } from 'react';

interface OutsideProps {
  /** http, https, mailto or tel: the service lets nothing else through. */
  readonly to: string;
  readonly children: ReactNode;
}

/** A link that came out of a backup: it opens elsewhere and is told nothing of this page. */
export function Outside({ to, children }: OutsideProps) {
  if (!/^(https?|mailto|tel):/i.test(to)) return <>{children}</>;
  return (
    <a href={to} target="_blank" rel="noopener noreferrer nofollow" referrerPolicy="no-referrer">
      {children}
    </a>
  );
}
