import type { ContentKindName, Shelf, ShelfKind } from '../../../../../src/contract/index.ts';

/** As people look for things: what they care about most comes first. */
const ORDER: readonly ContentKindName[] = [
  'photos',
  'messages',
  'contacts',
  'notes',
  'calls',
  'voicemail',
  'whatsapp',
  'calendar',
  'reminders',
  'health',
  'safari',
  'voice-memos',
  'apps',
  'accounts',
  'wifi',
  'alarms',
  'blocked',
  'files',
];

/** What nobody misses who has none of it. */
const NOT_MISSED: ReadonlySet<ContentKindName> = new Set(['apps', 'accounts', 'alarms', 'blocked']);

/** What stands on the shelf, in order, and what is told to be missing. Something unreadable is there all the same. */
export function sortShelf({ kinds }: Pick<Shelf, 'kinds'>): { here: ShelfKind[]; missing: ShelfKind[] } {
  const sorted = kinds.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  return { here: sorted.filter(isHere), missing: sorted.filter((kind) => !isHere(kind) && !NOT_MISSED.has(kind.kind)) };
}

function isHere({ state, count }: ShelfKind): boolean {
  return state === 'unreadable' || (state === 'here' && count !== 0);
}
