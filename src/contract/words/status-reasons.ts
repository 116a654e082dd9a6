import type { NoValues } from './reason-values.ts';

/** Where a device's versions are kept, and what that is worth: three copies, two media, one elsewhere. */
export type StatusReasons = {
  // All of it in one sentence.
  'status-safe': { readonly devices: number };
  'status-attention': { readonly devices: number };
  'status-at-risk': { readonly devices: number };
  'status-unknown': { readonly devices: number };
  'status-empty': NoValues;

  // One device. The device itself counts as one of the copies.
  'kept-well': { readonly copies: number; readonly media: number; readonly offSite: number; readonly provenAt: string };
  'kept-so-far': { readonly copies: number; readonly media: number; readonly offSite: number };
  'kept-here-only': NoValues;
  'kept-on-one-disk': NoValues;
  'kept-in-one-building': NoValues;
  'proof-missing': NoValues;
  'proof-old': { readonly at: string };

  // One place of it.
  'phone-seen': { readonly at: string };
  'phone-never-seen': NoValues;
  'phone-long-away': { readonly at: string };
  'place-empty': NoValues;
  'copy-never-filled': { readonly copy: string };
  'copy-lacks-device': { readonly copy: string };
  'copy-old': { readonly copy: string; readonly days: number };
  'copy-stopped': { readonly copy: string; readonly at: string; readonly error: string };
  'copy-known-damaged': { readonly copy: string; readonly at: string };
  'copies-list-unreadable': NoValues;
  'copy-on-vault-disk': { readonly copy: string };
  /** One place that two are set up for. */
  'copy-twice': { readonly copy: string; readonly other: string };
  'copy-place-unknown': { readonly copy: string };
  /** The restic that is installed is older than what repairing takes. */
  'restic-is-old': NoValues;
  'copy-proof-missing': { readonly copy: string };
  'copy-proof-old': { readonly copy: string; readonly at: string };
  'cloud-from': { readonly at: string };
  'cloud-old': { readonly at: string };
  'cloud-off': NoValues;
  'cloud-never': NoValues;
  'cloud-not-told': NoValues;

  // The next step.
  'do-add-copy-elsewhere': NoValues;
  'do-add-other-disk': NoValues;
  'do-prove': NoValues;
  'do-prove-copy': { readonly copy: string };
  'do-mend-copies-list': { readonly path: string };
  'do-give-copy-time': { readonly copy: string };
  'do-forget-copy': { readonly copy: string };
  'do-say-where-copy-lies': { readonly copy: string };
};
