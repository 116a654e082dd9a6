/** WhatsApp's identifiers: "491512345678@s.whatsapp.net", "120363…@g.us", "2056…@lid". */

export type ChatKind = 'private' | 'group' | 'broadcast' | 'status' | 'channel' | 'unknown';

/** What a conversation is, by the identifier of its other side, else by the number WhatsApp gives its kind. */
export function chatKindOf(jid: string | null | undefined, sessionType: number | null | undefined): ChatKind {
  const [user, server] = partsOf(jid ?? '');
  if (server === 'status' || (server === 'broadcast' && user === 'status')) return 'status';
  const known = BY_SERVER[server];
  if (known !== undefined) return known;
  return BY_SESSION_TYPE[sessionType ?? -1] ?? 'unknown';
}

const BY_SERVER: Readonly<Record<string, ChatKind>> = {
  's.whatsapp.net': 'private',
  lid: 'private',
  'g.us': 'group',
  broadcast: 'broadcast',
  newsletter: 'channel',
};

const BY_SESSION_TYPE: Readonly<Record<number, ChatKind>> = { 0: 'private', 1: 'group', 2: 'broadcast', 3: 'status' };

/** "+491512345678" of a person known by number; undefined for groups and for identifiers that hide the number. */
export function phoneOfJid(jid: string): string | undefined {
  const [user, server] = partsOf(jid);
  if (server !== 's.whatsapp.net') return undefined;
  // A device or agent may stand behind the number: "4915…:12@…", "4915….0:12@…".
  const digits = /^\d{5,15}/.exec(user)?.[0];
  return digits === undefined ? undefined : `+${digits}`;
}

/** Without the device that a message came from, and in small letters: the same for all of a person's devices. */
export function plainJid(jid: string): string {
  const [user, server] = partsOf(jid);
  return server === '' ? jid : `${user.replace(/(?:\.\d+)?:\d+$/, '')}@${server}`;
}

export const isLid = (jid: string): boolean => jid.endsWith('@lid');

function partsOf(jid: string): [user: string, server: string] {
  const at = jid.lastIndexOf('@');
  return at < 0 ? [jid, ''] : [jid.slice(0, at), jid.slice(at + 1).toLowerCase()];
}
