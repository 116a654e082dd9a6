import type { ReactNode } from 'react';
import { Page } from '../../parts/page.tsx';
import { useVersionTitle } from './version-title.ts';
import { useVersion } from './version.ts';

interface KindPageProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  /** Where one step back leads; the shelf without it. */
  readonly back?: { readonly to: string; readonly label: string } | undefined;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** A page of a version: one step back is the shelf, named by the device and the day. */
export function KindPage({ back, children, ...page }: KindPageProps) {
  const { base, summary } = useVersion();
  const title = useVersionTitle(summary);
  return (
    <Page {...page} back={back ?? { to: base, label: title }}>
      {children}
    </Page>
  );
}
