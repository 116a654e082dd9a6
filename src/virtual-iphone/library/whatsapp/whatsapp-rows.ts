import { cocoaSeconds } from '../apple-time.ts';
import type { CoreDataStore } from '../core-data.ts';
import type { Person } from '../people.ts';
import type { Random } from '../random.ts';
import type { RowValues } from '../sqlite.ts';

export const DOMAIN = 'AppDomainGroup-group.net.whatsapp.WhatsApp.shared';

export const jidOf = (person: Person | undefined): string => `${person?.phone.slice(1) ?? '0'}@s.whatsapp.net`;

/** The identifier that hides the number: made from it here, so that a person has one everywhere. */
export const lidOf = ({ phone }: Person): string => `77${phone.slice(1)}00@lid`;

export interface NewMessage {
  readonly chat: number;
  readonly chatJid: string;
  readonly sort: number;
  readonly at: Date;
  readonly type?: number;
  readonly event?: number;
  readonly isFromMe?: boolean;
  readonly text?: string | null;
  /** The row of the member of the group who wrote it. */
  readonly member?: number;
  readonly isStarred?: boolean;
  readonly isForwarded?: boolean;
  readonly media?: RowValues;
  readonly receiptInfo?: Buffer;
  /** WhatsApp's id; made up when there is none. */
  readonly key?: string;
}

const FORWARDED = 128;
const READ = 8;

/** Adds a message with what belongs to it, and returns it with its id. */
export function addMessage(store: CoreDataStore, random: Random, message: NewMessage): NewMessage & { key: string } {
  const { chat, chatJid, at, isFromMe = false, media, receiptInfo } = message;
  const key = message.key ?? `3A${random.bytes(9).toString('hex').toUpperCase()}`;
  const item = media && store.add('WAMediaItem', 'ZWAMEDIAITEM', media);
  const info = receiptInfo && store.add('WAMessageInfo', 'ZWAMESSAGEINFO', { ZRECEIPTINFO: receiptInfo });
  const row = store.add('WAMessage', 'ZWAMESSAGE', {
    ZCHATSESSION: chat,
    ZSORT: message.sort,
    ZMESSAGETYPE: message.type ?? 0,
    ZGROUPEVENTTYPE: message.event ?? 0,
    ZISFROMME: isFromMe,
    ZMESSAGEDATE: cocoaSeconds(at),
    ZSENTDATE: cocoaSeconds(at) + 0.5,
    ZTEXT: message.text,
    ZSTANZAID: key,
    ZSTARRED: message.isStarred ?? false,
    ZFLAGS: (1 << 24) | (message.isForwarded === true ? FORWARDED : 0),
    ZMESSAGESTATUS: isFromMe ? READ : 0,
    ZFROMJID: isFromMe ? null : chatJid,
    ZTOJID: isFromMe ? chatJid : null,
    ZGROUPMEMBER: message.member,
    ZMEDIAITEM: item,
    ZMESSAGEINFO: info,
  });
  for (const [table, part] of [
    ['ZWAMEDIAITEM', item],
    ['ZWAMESSAGEINFO', info],
  ] as const) {
    if (part !== undefined) store.database.prepare(`UPDATE ${table} SET ZMESSAGE = ? WHERE Z_PK = ?`).run(row, part);
  }
  return { ...message, key };
}
