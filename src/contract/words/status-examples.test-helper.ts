import type { StatusReasons } from './status-reasons.ts';

const PROVEN = '2026-11-01T03:00:00.000Z';
const COPY = 'usb-disk';

/** An example of every reason of the status, with every value it can have. */
export const STATUS_EXAMPLES: { readonly [C in keyof StatusReasons]: Required<StatusReasons[C]> } = {
  'status-safe': { devices: 3 },
  'status-attention': { devices: 2 },
  'status-at-risk': { devices: 1 },
  'status-unknown': { devices: 1 },
  'status-empty': {},
  'kept-well': { copies: 3, media: 3, offSite: 1, provenAt: PROVEN },
  'kept-so-far': { copies: 2, media: 2, offSite: 0 },
  'kept-here-only': {},
  'kept-on-one-disk': {},
  'kept-in-one-building': {},
  'proof-missing': {},
  'proof-old': { at: PROVEN },
  'phone-seen': { at: '2026-11-22T15:00:00.000Z' },
  'phone-never-seen': {},
  'phone-long-away': { at: PROVEN },
  'place-empty': {},
  'copy-never-filled': { copy: COPY },
  'copy-lacks-device': { copy: COPY },
  'copy-old': { copy: COPY, days: 9 },
  'copy-stopped': { copy: COPY, at: '2026-11-22T02:00:00.000Z', error: 'COPY_UNREACHABLE' },
  'copy-known-damaged': { copy: COPY, at: PROVEN },
  'copy-on-vault-disk': { copy: COPY },
  'restic-is-old': {},
  'copy-proof-missing': { copy: COPY },
  'copy-proof-old': { copy: COPY, at: PROVEN },
  'cloud-from': { at: '2026-11-22T02:00:00.000Z' },
  'cloud-old': { at: PROVEN },
  'cloud-off': {},
  'cloud-never': {},
  'cloud-not-told': {},
  'do-add-copy-elsewhere': {},
  'do-add-other-disk': {},
  'do-prove': {},
  'do-prove-copy': { copy: COPY },
  'do-give-copy-time': { copy: COPY },
};
