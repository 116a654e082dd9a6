import type { NotifyChannel } from '../../contract/index.ts';
import type { Notice, NoticeItem } from '../notice.ts';
import type { ChannelLife, Entry } from './outbox-file.ts';

/** What a channel has waiting after it was given a notice. */
export interface TakenIn {
  readonly waiting: Entry[];
  /** Whether the notice, or a part of it, is among them. */
  readonly isAdded: boolean;
}

/**
 * Puts a notice among what waits for one channel, so that nobody is told twice, or of what is over before it was told:
 *
 * - an alarm that waits already is replaced by the newer word on it;
 * - that one is over is told only where it was told, and takes what waits about it away;
 * - "all is well" is not true any more once there is an alarm.
 *
 * @param isSending whether an entry is on its way at this moment: it counts as told and stays.
 */
export function takeIn(
  notice: Notice,
  channel: NotifyChannel,
  {
    waiting,
    life,
    isSending,
    now,
  }: { waiting: Entry[]; life: ChannelLife; isSending: (entry: Entry) => boolean; now: Date },
): TakenIn {
  const items = itemsFor(notice, channel);
  const told = new Set([
    ...life.told,
    ...waiting.filter(isSending).flatMap((entry) => (entry.notice.kind === 'alarm' ? idsOf(entry.notice.items) : [])),
  ]);
  const ids = new Set(idsOf(items));
  const left = waiting.flatMap((entry) => (isSending(entry) ? [entry] : without(notice, ids, entry)));
  const mine = notice.kind === 'cleared' ? items.filter(({ id }) => told.has(id)) : items;
  if (mine.length === 0) return { waiting: left, isAdded: false };
  const entry: Entry = {
    channel: channel.id,
    notice: { ...notice, items: mine },
    addedAt: now.toISOString(),
    tries: 0,
  };
  return { waiting: [...left, entry], isAdded: true };
}

const GRAVITY = { safe: 0, attention: 1, 'at-risk': 2 } as const;

/** What of a notice is for this channel. */
function itemsFor(notice: Notice, channel: NotifyChannel): NoticeItem[] {
  if (notice.kind === 'test') return notice.items;
  // A report is about everybody's devices.
  if (notice.kind === 'report') return channel.reports && channel.devices === undefined ? notice.items : [];
  if (notice.kind === 'all-is-well' && !channel.reports) return [];
  const isTheirs = ({ udid }: NoticeItem): boolean =>
    udid === undefined || channel.devices === undefined || channel.devices.includes(udid);
  // Whether something was grave enough to be told decided itself when it began.
  const isGrave = ({ level }: NoticeItem): boolean =>
    (notice.kind !== 'alarm' && notice.kind !== 'announce') || GRAVITY[level] >= GRAVITY[channel.from];
  return notice.items.filter((item) => isTheirs(item) && isGrave(item));
}

/** Kinds of which a newer word on the same thing takes the place of an older one. */
const ABOUT_THINGS: readonly Notice['kind'][] = ['alarm', 'cleared', 'announce'];

/** What is left of a waiting entry once this is told, too. */
function without({ kind }: Notice, ids: ReadonlySet<string>, entry: Entry): Entry[] {
  const { notice } = entry;
  if (notice.kind === 'all-is-well' && (kind === 'alarm' || kind === 'all-is-well')) return [];
  if (!ABOUT_THINGS.includes(kind) || !ABOUT_THINGS.includes(notice.kind)) return [entry];
  const items = notice.items.filter(({ id }) => !ids.has(id));
  return items.length === 0 ? [] : [{ ...entry, notice: { ...notice, items } }];
}

const idsOf = (items: readonly NoticeItem[]): string[] => items.map(({ id }) => id);
