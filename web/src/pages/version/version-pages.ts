/** What is shown behind `/versions/:id/`, by the word that follows. Each is loaded when somebody goes there. */
import { lazy, type ComponentType } from 'react';

export const SHELF = 'shelf';

/** A page finds its version, and what else stands in the address, with `useVersion()`. */
export const versionPages: Readonly<Record<string, ComponentType>> = {
  [SHELF]: lazy(() => import('./shelf/shelf-page.tsx')),
  messages: lazy(() => import('./messages/messages-page.tsx')),
  contacts: lazy(() => import('./contacts/contacts-page.tsx')),
  calls: lazy(() => import('./calls/calls-page.tsx')),
  voicemail: lazy(() => import('./voicemail/voicemail-page.tsx')),
  notes: lazy(() => import('./notes/notes-page.tsx')),
  search: lazy(() => import('./search/search-page.tsx')),
  whatsapp: lazy(() => import('./whatsapp/whatsapp-page.tsx')),
  calendar: lazy(() => import('./calendar/calendar-page.tsx')),
  accounts: lazy(() => import('./accounts/accounts-page.tsx')),
  alarms: lazy(() => import('./alarms/alarms-page.tsx')),
  blocked: lazy(() => import('./blocked/blocked-page.tsx')),
  apps: lazy(() => import('./apps/apps-page.tsx')),
  wifi: lazy(() => import('./wifi/wifi-page.tsx')),
  reminders: lazy(() => import('./reminders/reminders-page.tsx')),
  'voice-memos': lazy(() => import('./voice-memos/voice-memos-page.tsx')),
  safari: lazy(() => import('./safari/safari-page.tsx')),
  health: lazy(() => import('./health/health-page.tsx')),
  photos: lazy(() => import('./photos/photos-page.tsx')),
  files: lazy(() => import('./files/files-page.tsx')),
  differences: lazy(() => import('./differences/differences-page.tsx')),
  'take-out': lazy(() => import('./take-out/take-out-page.tsx')),
};
