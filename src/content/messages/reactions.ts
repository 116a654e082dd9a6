import type { ContentDatabase } from '../source/content-database.ts';
import { numberOf, textOf } from '../source/row-values.ts';
import type { Attachment, Correspondent, Reaction, ReactionKind } from './message.ts';

/** `associated_message_type`: from 2000 on a reaction, from 3000 on one taken back; 1000 is a sticker put somewhere. */
const FIRST = 2000;
const FIRST_REMOVAL = 3000;
const PLACED_STICKER = 1000;
const KINDS: readonly ReactionKind[] = ['love', 'like', 'dislike', 'laugh', 'emphasis', 'question', 'emoji', 'sticker'];
const EMOJI: Readonly<Partial<Record<ReactionKind, string>>> = {
  love: '❤️',
  like: '👍',
  dislike: '👎',
  laugh: '😂',
  emphasis: '‼️',
  question: '❓',
};

/** Whether a row of this `associated_message_type` is a reaction. */
export const isReaction = (type: number): boolean =>
  type === PLACED_STICKER || (type >= FIRST && type < FIRST_REMOVAL + 1000);

export interface RawReaction {
  readonly guid: string;
  readonly type: number;
  readonly emoji: string | null;
  readonly target: Target;
  readonly isFromMe: boolean;
  readonly sender: Correspondent | undefined;
  readonly at: Date | null;
  readonly attachments: readonly Attachment[];
  readonly hasTarget: boolean;
}

export function readReaction(raw: RawReaction): Reaction {
  const { type, guid, isFromMe, sender, at, hasTarget, target } = raw;
  const isRemoval = type >= FIRST_REMOVAL;
  const kind = type === PLACED_STICKER ? 'sticker' : (KINDS[type % 1000] ?? 'emoji');
  return {
    guid,
    kind,
    isFromMe,
    sender,
    at,
    isRemoval,
    hasTarget,
    emoji: EMOJI[kind] ?? (kind === 'sticker' ? undefined : (raw.emoji ?? '•')),
    sticker: kind === 'sticker' ? raw.attachments[0] : undefined,
    stands: !isRemoval,
    targetGuid: target.guid,
    targetPart: target.part,
  };
}

export interface Target {
  readonly guid: string;
  readonly part: number;
}

/** "p:1/GUID" is the second part of a message, "bp:GUID" the balloon of an app, a bare GUID the whole. */
export function parseTarget(text: string): Target {
  const [, part = '0', guid] = /^p:(\d{1,9})\/(.+)$/s.exec(text) ?? [];
  if (guid !== undefined) return { guid, part: Number(part) };
  return { guid: text.startsWith('bp:') ? text.slice(3) : text, part: 0 };
}

/**
 * Which of the reactions to one message still stand: a person has one of the simple kinds at a time (the last one
 * counts), any number of stickers, and a removal takes back the last one of its kind.
 *
 * @param reactions in the order they were made.
 */
export function settle(reactions: readonly Reaction[]): Reaction[] {
  const settled = [...reactions];
  reactions.forEach((reaction, i) => {
    if (reaction.kind === 'sticker' && !reaction.isRemoval) return;
    for (let before = i - 1; before >= 0; before--) {
      const earlier = settled[before];
      if (earlier === undefined || !earlier.stands || !isSamePlace(earlier, reaction)) continue;
      if (reaction.isRemoval ? earlier.kind === reaction.kind : earlier.kind !== 'sticker') {
        settled[before] = { ...earlier, stands: false };
        if (reaction.isRemoval) break;
      }
    }
  });
  return settled;
}

const isSamePlace = (a: Reaction, b: Reaction): boolean =>
  a.targetPart === b.targetPart && a.isFromMe === b.isFromMe && a.sender?.person === b.sender?.person;

/** Rows of reactions in the order they were made, by the GUID of what they are about. Nearly always it is one. */
export type ReactionRows = ReadonlyMap<string, number | readonly number[]>;

/** All reactions there are: with a million messages, ten megabytes. */
export function readReactionRows(database: ContentDatabase): ReactionRows {
  const rows = new Map<string, number | number[]>();
  const columns = ['associated_message_type', 'associated_message_guid'];
  if (!columns.every((column) => database.has('message', column))) return rows;
  const sql = `SELECT m.ROWID, CAST(m.associated_message_type AS REAL), CAST(m.associated_message_guid AS TEXT) FROM message m
    WHERE m.associated_message_guid IS NOT NULL ORDER BY CAST(m.date AS REAL), m.ROWID`;
  for (const [id, type, about] of database.arrays(sql)) {
    if (!isReaction(numberOf(type) ?? 0)) continue;
    const [rowId, { guid }] = [numberOf(id) ?? 0, parseTarget(textOf(about) ?? '')];
    const known = rows.get(guid);
    if (Array.isArray(known)) known.push(rowId);
    else rows.set(guid, known === undefined ? rowId : [known, rowId]);
  }
  return rows;
}
