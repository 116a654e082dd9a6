import { z } from 'zod';
import type { NoValues } from './words/reason-values.ts';

/** Bytes are numbers; versions of iOS and kinds of devices are as Apple names them. */
interface Releases {
  readonly theirs: string;
  readonly mine: string;
}
interface Percent {
  readonly percent: number;
}

/**
 * What a check before a restore may have found, and what there is to say of it: for whoever says it in another language
 * than the service. "Theirs" is the backup's, "mine" the device's.
 */
export interface RestoreFindings {
  'over-wifi': NoValues;
  'perhaps-unfinished': NoValues;
  'backup-empty': NoValues;
  unfinished: { readonly at: string };
  'format-unknown': NoValues;
  finished: NoValues;
  'password-opens': NoValues;
  'not-encrypted': NoValues;
  'ios-unknown': NoValues;
  'ios-too-old': Releases;
  'ios-little-older': Releases;
  'ios-fits': Releases;
  'other-kind': { readonly from: string; readonly to: string };
  'same-device': NoValues;
  /** The model is empty where it is not known. */
  'other-device': { readonly model: string };
  'space-never': { readonly needed: number; readonly capacity: number };
  'space-unknown': { readonly needed: number };
  'space-lacking': { readonly needed: number; readonly free: number };
  'space-tight': { readonly needed: number; readonly free: number };
  'space-enough': { readonly needed: number; readonly free: number };
  'find-my-on': NoValues;
  'find-my-off': NoValues;
  'find-my-unknown': NoValues;
  'set-up': NoValues;
  'not-set-up': NoValues;
  'set-up-unknown': NoValues;
  'supervised-neither-known': NoValues;
  'supervised-backup-device-unknown': NoValues;
  'supervised-device-backup-unknown': NoValues;
  'supervised-both': NoValues;
  'supervised-neither': NoValues;
  'supervised-backup': NoValues;
  'supervised-device': NoValues;
  powered: NoValues;
  'battery-unknown': NoValues;
  'battery-powered': Percent;
  'battery-enough': Percent;
  'battery-low': Percent;
  unlocked: NoValues;
  locked: NoValues;
  'files-unchecked': NoValues;
  'files-lost': { readonly count: number };
  'files-damaged': { readonly count: number };
  'files-good': { readonly files: number; readonly bytes: number; readonly decrypted: boolean };
  'files-of-old-device': { readonly files: number };
  'files-without-content': { readonly files: number };
  /** The device could not be reached: the code of the problem. */
  'device-problem': { readonly problem: string };
}
export type RestoreFindingCode = keyof RestoreFindings;

/** One thing that was looked at before a restore; the `checks` of a restore's result. */
export const RestoreCheck = z.object({
  id: z.string(),
  outcome: z.enum(['passed', 'warns', 'stops']),
  /** A sentence in English, and what to do about it. */
  message: z.string(),
  hint: z.string().optional(),
  /** The same for other languages: a `RestoreFindingCode`, and what belongs to it. */
  code: z.string().optional(),
  values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});
export type RestoreCheck = z.infer<typeof RestoreCheck>;
