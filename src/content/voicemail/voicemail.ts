import type { ManifestEntry } from '../../snapshot/index.ts';
import type { Recorded } from '../source/row-values.ts';
import type { Transcript } from './transcript.ts';

/** A message somebody left on the voice mail. */
export interface Voicemail {
  /** The same in every backup of a device. */
  readonly key: string;
  /** The row; the recording is named after it. */
  readonly row: number;
  readonly at: Date | undefined;
  /** Undefined or null when the number was withheld. */
  readonly sender: Recorded<string>;
  readonly callbackNumber: Recorded<string>;
  /** The number it was left at. */
  readonly receiver: Recorded<string>;
  /** The SIM card (its ICCID) or account it belongs to. */
  readonly account: Recorded<string>;
  readonly durationSeconds: Recorded<number>;
  readonly expiresAt: Recorded<Date>;
  readonly trashedAt: Recorded<Date>;
  /** `deleted`: the phone keeps the row of one that is gone for good. */
  readonly state: 'new' | 'heard' | 'trashed' | 'deleted';
  readonly flags: Recorded<number>;
  readonly recording: Recording;
  readonly transcript: Transcript | undefined;
  readonly problem?: 'bad-date' | 'unreadable-transcript';
}

export type Recording =
  | { readonly state: 'in-backup'; readonly entry: ManifestEntry }
  | { readonly state: 'not-in-backup' };
