import type { Page } from 'playwright-core';
import type { SceneName } from './fixtures/answers.ts';

/** One picture of one page. */
export interface Look {
  /** Name of the picture. */
  readonly name: string;
  readonly path: string;
  readonly scene?: SceneName;
  /** What is done before the picture is taken: opening a dialog, choosing something. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/** Every page in every state worth a look. Each is opened on a phone and a desktop, light and dark, in both languages. */
export const looks: readonly Look[] = [
  { name: 'home', path: '/' },
  { name: 'home-owner', path: '/', scene: 'owner' },
  { name: 'home-empty', path: '/', scene: 'empty' },
  { name: 'home-failing', path: '/', scene: 'failing' },
  { name: 'home-waiting', path: '/', scene: 'waiting' },
  { name: 'home-passcode', path: '/', scene: 'passcode' },
  { name: 'jobs-open', path: '/', prepare: (page) => page.keyboard.press('j') },
  { name: 'shortcuts', path: '/', scene: 'empty', prepare: (page) => page.keyboard.press('?') },
  { name: 'alarms', path: '/alarms' },
  { name: 'alarms-none', path: '/alarms', scene: 'empty' },
  { name: 'settings', path: '/settings' },
  { name: 'settings-notifications', path: '/settings/notifications' },
  { name: 'settings-checkup', path: '/settings/checkup' },
  { name: 'settings-server', path: '/settings/server' },
  { name: 'accounts', path: '/accounts' },
  { name: 'you', path: '/you' },
  { name: 'sign-in', path: '/', scene: 'signed-out' },
  { name: 'set-up', path: '/', scene: 'set-up' },
  { name: 'missing', path: '/nothing-here', scene: 'empty' },
];
