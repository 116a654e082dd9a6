import { addressIn } from '../version.ts';

/** Kinds whose pages show one thing by its id. */
const BY_ID: ReadonlySet<string> = new Set(['contacts', 'notes']);
/** Kinds whose pages show a list it is somewhere in. */
const BY_LIST: ReadonlySet<string> = new Set([
  'calls',
  'voicemail',
  'safari',
  'health',
  'accounts',
  'alarms',
  'blocked',
]);
/** Kinds whose pages show those of a list whose names hold a word. */
const BY_NAME: ReadonlySet<string> = new Set(['apps', 'wifi']);
/** Kinds of which the service has to be asked where one stands. */
const ASKED = ['messages', 'photos', 'whatsapp', 'reminders', 'voice-memos'] as const;
export type AskedKind = (typeof ASKED)[number];

/** Where the page of something that was found is, as far as its id tells. */
export type WhereItLeads =
  | { readonly address: string }
  /** The service has to be asked where it stands. */
  | { readonly ask: AskedKind }
  | undefined;

/** @param base the version in which it is. */
export function whereHitLeads(
  base: string,
  { kind, id }: { readonly kind: string; readonly id: string },
): WhereItLeads {
  const asked = ASKED.find((each) => each === kind);
  if (asked !== undefined) return { ask: asked };
  if (BY_ID.has(kind)) return { address: addressIn(base, kind, id) };
  if (BY_NAME.has(kind)) return { address: `${addressIn(base, kind)}?${new URLSearchParams({ q: id }).toString()}` };
  if (kind === 'calendar')
    return { address: `${addressIn(base, 'calendar')}?${new URLSearchParams({ event: id }).toString()}` };
  return BY_LIST.has(kind) ? { address: addressIn(base, kind) } : undefined;
}
