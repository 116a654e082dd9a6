import { z } from 'zod';
import { ReminderPlace, type SearchHit } from '../../../../../src/contract/index.ts';
import { ask, pathOf } from '../../../api/api.ts';
import { addressIn } from '../version.ts';
import type { AskedKind } from './where-hit-leads.ts';

const InList = z.object({ n: z.int() });
const InConversation = z.object({ conversation: z.string(), n: z.int() });
const InChat = z.object({ chat: z.string(), n: z.int() });

type FindPlace = (id: string, base: string, key: string) => Promise<string>;

const PLACES: Readonly<Record<AskedKind, FindPlace>> = {
  async messages(id, base, key) {
    const { conversation, n } = await ask(pathOf('snapshots', id, 'messages', key, 'place'), InConversation);
    return `${addressIn(base, 'messages', conversation)}?at=${n}`;
  },
  async photos(id, base, photo) {
    const { n } = await ask(pathOf('snapshots', id, 'photos', 'place'), InList, { query: { photo } });
    return `${addressIn(base, 'photos')}?n=${n}`;
  },
  async whatsapp(id, base, message) {
    const { chat, n } = await ask(pathOf('snapshots', id, 'whatsapp', 'place'), InChat, { query: { message } });
    return `${addressIn(base, 'whatsapp', chat)}?at=${n}`;
  },
  async reminders(id, base, reminder) {
    const place = await ask(pathOf('snapshots', id, 'reminders', 'place'), ReminderPlace, { query: { reminder } });
    return `${addressIn(base, 'reminders', place.list)}?${place.done ? 'done=1&' : ''}n=${place.n}`;
  },
  async 'voice-memos'(id, base, memo) {
    const { n } = await ask(pathOf('snapshots', id, 'voice-memos', 'place'), InList, { query: { memo } });
    return `${addressIn(base, 'voice-memos')}?n=${n}`;
  },
};

/** Asks the service where something stands. @returns the address of its page, there */
export function placeOfHit(id: string, base: string, kind: AskedKind, hit: SearchHit): Promise<string> {
  return PLACES[kind](id, base, hit.id);
}
