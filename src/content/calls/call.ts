import type { Recorded } from '../source/row-values.ts';

export type CallMedium = 'phone' | 'facetime-video' | 'facetime-audio' | 'app' | 'unknown';

/**
 * How a call ended. Of an incoming one iOS writes down whether it was taken, of an outgoing one only for how long
 * people spoke.
 */
export type CallOutcome = 'answered' | 'missed' | 'blocked' | 'connected' | 'not-reached';

export interface Call {
  /** The same in every backup of a device. */
  readonly key: string;
  readonly at: Date | undefined;
  readonly direction: 'incoming' | 'outgoing';
  readonly outcome: CallOutcome;
  readonly medium: CallMedium;
  /** Everybody else in it; several in a group call. Empty when the number was withheld. */
  readonly participants: readonly CallParticipant[];
  readonly durationSeconds: Recorded<number>;
  /** What the network or the app called the other side. */
  readonly callerName: Recorded<string>;
  /** Whose service carried it: "com.apple.Telephony", or the app's bundle id. */
  readonly provider: Recorded<string>;
  /** Where the number is from, as the phone showed it. */
  readonly location: Recorded<string>;
  /** ISO 3166, small letters; of old phones the mobile country code. */
  readonly country: Recorded<string>;
  /** The number or address of this phone's line that was used. */
  readonly ownLine: Recorded<string>;
  readonly isAnswered: Recorded<boolean>;
  readonly isRead: Recorded<boolean>;
  readonly isEmergency: Recorded<boolean>;
  /** A message was left. */
  readonly hasMessage: Recorded<boolean>;
  /** 0: no junk, or not looked at. */
  readonly junkConfidence: Recorded<number>;
  readonly junkCategory: Recorded<string>;
  /** Apple's number for why it was silenced; 0: it was not. */
  readonly filteredOutReason: Recorded<number>;
  /** Apple's number for why it ended. */
  readonly disconnectedCause: Recorded<number>;
  /** What ZCALLTYPE, or the flags of an old phone, say. */
  readonly rawType: Recorded<number>;
  /** A participant is named that the list of handles lacks, or there is no usable date. */
  readonly problem?: 'unknown-participant' | 'bad-date';
}

export interface CallParticipant {
  /** As it was dialled or shown: a number, or a mail address of FaceTime. */
  readonly address: string;
  /** With country code, where iOS knows it. */
  readonly normalized?: string;
}
