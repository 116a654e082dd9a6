import type { Place } from '../source/content-database.ts';
import type { Recorded } from '../source/row-values.ts';

/**
 * A recording of the app Voice Memos. A field is `undefined` where this iOS does not record it, and `null` where it is
 * recorded and empty.
 */
export interface VoiceMemo {
  /** Apple's id; of a recording only known by its file, its name after `file:`. */
  readonly key: string;
  readonly title: Recorded<string>;
  readonly recordedAt: Recorded<Date>;
  readonly durationSeconds: Recorded<number>;
  /** The folder it is in; null for the one of all recordings. */
  readonly folder: Recorded<string>;
  /** Since when it is in "Recently Deleted". */
  readonly deletedAt: Recorded<Date>;
  readonly fileName: string | null;
  readonly audio: VoiceMemoAudio | undefined;
  /** A short word where something of the record could not be read. */
  readonly problem?: string;
}

/** Where the sound is. */
export interface VoiceMemoAudio {
  readonly place: Place;
  readonly state: 'in-backup' | 'not-in-backup';
}

/** What the phone understood of a recording. */
export interface VoiceMemoTranscript {
  readonly text: string;
  /** "de_DE" */
  readonly language: string | undefined;
  /** Words and phrases with when they were said, in seconds from the beginning; empty where that is not kept. */
  readonly spoken: readonly { readonly text: string; readonly from: number; readonly to: number }[];
}
