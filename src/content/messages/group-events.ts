import type { Correspondent, GroupEvent } from './message.ts';

/** `item_type` and `group_action_type`; where the second does not matter it is left out. */
const KINDS: Readonly<Record<string, GroupEvent['kind']>> = {
  '1:0': 'member-added',
  '1:1': 'member-removed',
  '2': 'name-changed',
  '3:0': 'member-left',
  '3:1': 'photo-changed',
  '3:2': 'photo-removed',
  '3:4': 'background-changed',
  '3:6': 'background-removed',
  '5': 'audio-kept',
  '6': 'shareplay',
};
const LOCATION = 4;

export interface RawEvent {
  readonly itemType: number;
  readonly actionType: number;
  readonly shareStatus: number;
  readonly groupTitle: string | null;
  readonly whom: Correspondent | undefined;
}

/** What happened; undefined for an ordinary message. */
export function readEvent({ itemType, actionType, shareStatus, groupTitle, whom }: RawEvent): GroupEvent | undefined {
  if (itemType === 0) return undefined;
  const name = groupTitle === '' ? null : groupTitle;
  if (itemType === LOCATION) return { kind: shareStatus === 0 ? 'location-shared' : 'location-stopped', whom, name };
  return { kind: KINDS[`${itemType}:${actionType}`] ?? KINDS[String(itemType)] ?? 'other', whom, name };
}
