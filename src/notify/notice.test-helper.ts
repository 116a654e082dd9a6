import { because, type Language } from '../contract/index.ts';
import type { Notice } from './notice.ts';
import type { SendContext } from './send-context.ts';
import type { Told } from './told.ts';
import { inWords } from './words.ts';

export const NOW = new Date('2026-11-22T18:00:00Z');
export const NAME = 'Annas „iPhone“ <b>\r\nBcc: all@example.org';

/** An alarm about a phone whose name tries to do harm. */
export const ALARM: Notice = {
  id: '5f3e-1',
  kind: 'alarm',
  at: NOW.toISOString(),
  items: [
    {
      id: 'overdue:00008110-A',
      level: 'at-risk',
      udid: '00008110-A',
      since: '2026-11-13T10:00:00.000Z',
      reason: because('alarm-overdue', { name: NAME, days: 9 }),
      nextStep: because('do-enter-passcode', {}),
    },
  ],
  attachments: [],
};

export function told(notice: Notice = ALARM, language: Language = 'en', link?: string): Told {
  return inWords(notice, { language, now: NOW, timeZone: 'Europe/Berlin', link });
}

export function sendContext(secrets: Readonly<Record<string, string>> = {}, timeoutMs = 2_000): SendContext {
  return { secret: (part) => secrets[part ?? 'main'], now: () => NOW, timeoutMs };
}
