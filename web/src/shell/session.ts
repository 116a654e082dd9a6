import { createContext, use } from 'react';
import type { Account, Role, Session } from '../../../src/contract/index.ts';

/** A session in which somebody is signed in. */
export type SignedIn = Session & { readonly account: Account };

export const SessionContext = createContext<SignedIn | undefined>(undefined);

/** Who is signed in. Only for pages within the frame. */
export function useSession(): SignedIn {
  const session = use(SessionContext);
  if (session === undefined) throw new Error('nobody is signed in where this page is shown');
  return session;
}

/** Whether the one who is signed in may do this; the service decides it again whatever a page shows. */
export function useRole(role: Role): boolean {
  return useSession().account.roles.includes(role);
}
