/** Every page, in one place. Each is loaded when somebody goes there; see README.md for how to add one. */
import type { ComponentType } from 'react';
import { lazyPage } from './shell/lazy-page.ts';

export interface PageRoute {
  /** As wouter reads it: `/devices/:udid/:part?`. The page gets the parts as `params`. */
  readonly path: string;
  readonly page: ComponentType<PageProps>;
}

export interface PageProps {
  readonly params: Readonly<Record<string, string | undefined>>;
}

export const routes: readonly PageRoute[] = [
  { path: '/', page: lazyPage(() => import('./pages/home/home-page.tsx')) },
  { path: '/devices/:udid/:part?', page: lazyPage(() => import('./pages/device/device-page.tsx')) },
  { path: '/encryption/:udid', page: lazyPage(() => import('./pages/encryption/encryption-page.tsx')) },
  { path: '/restore', page: lazyPage(() => import('./pages/restore/restore-page.tsx')) },
  { path: '/checkups/:id?', page: lazyPage(() => import('./pages/checkups/checkups-page.tsx')) },
  { path: '/copies', page: lazyPage(() => import('./pages/copies/copies-page.tsx')) },
  { path: '/recovery-sheet/:udid', page: lazyPage(() => import('./pages/recovery-sheet/recovery-sheet-page.tsx')) },
  { path: '/first-phone', page: lazyPage(() => import('./pages/first-phone/first-phone-page.tsx')) },
  { path: '/lost-phone', page: lazyPage(() => import('./pages/which-phone/which-phone-page.tsx')) },
  { path: '/lost-phone/:udid', page: lazyPage(() => import('./pages/lost-phone/lost-phone-page.tsx')) },
  { path: '/alarms', page: lazyPage(() => import('./pages/alarms/alarms-page.tsx')) },
  { path: '/settings/:part?', page: lazyPage(() => import('./pages/settings/settings-page.tsx')) },
  { path: '/versions/:id/*?', page: lazyPage(() => import('./pages/version/version-page.tsx')) },
  { path: '/you', page: lazyPage(() => import('./pages/you/you-page.tsx')) },
];
