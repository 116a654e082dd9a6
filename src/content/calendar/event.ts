import type { ManifestEntry } from '../../snapshot/index.ts';
import type { Recorded } from '../source/row-values.ts';
import type { RecurrenceRule } from './recurrence.ts';
import type { CalendarTime } from './time.ts';

/** An account, or "On My iPhone". */
export interface CalendarAccount {
  readonly name: Recorded<string>;
  /** What Apple calls the type of a store, where it is known. */
  readonly type: 'local' | 'exchange' | 'caldav' | 'subscribed' | 'birthdays' | 'other' | undefined;
}

export interface CalendarInfo {
  /** The row number, with which events name it. */
  readonly row: number;
  /** Apple's identifier, where there is one. */
  readonly key: string;
  readonly title: Recorded<string>;
  /** "#FF0000" */
  readonly color: Recorded<string>;
  readonly account: CalendarAccount | undefined;
  readonly sharing: 'not-shared' | 'shared-by-me' | 'shared-with-me' | undefined;
  readonly owner: Recorded<string>;
  readonly notes: Recorded<string>;
}

export interface EventLocation {
  readonly title: Recorded<string>;
  readonly address: Recorded<string>;
  readonly latitude: Recorded<number>;
  readonly longitude: Recorded<number>;
  readonly radiusM: Recorded<number>;
}

export interface Participant {
  readonly name: Recorded<string>;
  readonly email: Recorded<string>;
  readonly phone: Recorded<string>;
  readonly response: 'none' | 'accepted' | 'declined' | 'maybe' | 'delegated' | undefined;
  readonly role: 'required' | 'optional' | 'chair' | 'guest' | undefined;
  readonly type: 'person' | 'room' | 'resource' | 'group' | undefined;
  readonly isSelf: Recorded<boolean>;
  readonly comment: Recorded<string>;
}

export interface EventAlarm {
  /** Relative to the start; negative is before it. Absent for one at a fixed moment or a place. */
  readonly offsetSeconds?: number;
  readonly at?: Date;
  readonly place?: EventLocation & { readonly when: 'arriving' | 'leaving' };
  readonly isDisabled: boolean;
}

/** A file attached to an event. Most are kept by the server of the calendar, and only named here. */
export interface EventAttachment {
  readonly filename: Recorded<string>;
  readonly url: Recorded<string>;
  readonly format: Recorded<string>;
  readonly sizeBytes: Recorded<number>;
  readonly state: 'in-backup' | 'not-in-backup' | 'not-downloaded';
  readonly entry?: ManifestEntry;
}

export interface CalendarEvent {
  /** The row number, with which detached occurrences name their series. */
  readonly row: number;
  /** The same for the same event in every backup; detached occurrences have one of their own. */
  readonly key: string;
  /** The UID of iCalendar: an occurrence that was changed alone shares it with its series. */
  readonly uid: string;
  readonly kind: 'event' | 'birthday';
  readonly calendar: CalendarInfo | undefined;
  readonly title: Recorded<string>;
  readonly notes: Recorded<string>;
  readonly start: Recorded<CalendarTime>;
  /** For whole days the last one, included. */
  readonly end: Recorded<CalendarTime>;
  readonly isAllDay: Recorded<boolean>;
  readonly isFloating: boolean;
  readonly timeZone: Recorded<string>;
  readonly status: 'none' | 'confirmed' | 'tentative' | 'cancelled' | undefined;
  readonly availability: 'busy' | 'free' | 'tentative' | 'unavailable' | undefined;
  readonly url: Recorded<string>;
  readonly conferenceUrl: Recorded<string>;
  readonly location: Recorded<EventLocation>;
  readonly organizer: Recorded<Participant>;
  readonly attendees: readonly Participant[];
  readonly recurrences: readonly RecurrenceRule[];
  /** Occurrences of the series that do not take place, or take place otherwise. */
  readonly exceptions: readonly CalendarTime[];
  /** For an occurrence that was changed alone: its series, and when it would have been. */
  readonly detachedFrom?: {
    readonly row: number;
    readonly time: CalendarTime | undefined;
    readonly hasSeries: boolean;
  };
  readonly alarms: readonly EventAlarm[];
  readonly attachments: readonly EventAttachment[];
  readonly travelTimeSeconds: Recorded<number>;
  readonly sequence: Recorded<number>;
  readonly createdAt: Recorded<Date>;
  readonly modifiedAt: Recorded<Date>;
  /** A series that only holds together occurrences one was invited to; it takes place at no time itself. */
  readonly isPhantom: boolean;
  readonly isHidden: Recorded<boolean>;
  /** Birthdays whose year the contact does not tell. */
  readonly isYearUnknown: boolean;
  /** "start", "end": which date of the row is none. */
  readonly problem?: string;
}
