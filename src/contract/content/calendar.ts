import { z } from 'zod';
import { moment, Person } from './common.ts';

export const CalendarInfo = z.object({
  id: z.string(),
  title: z.string(),
  /** "#RRGGBB" */
  color: z.string().optional(),
  account: z.string().optional(),
});
export type CalendarInfo = z.infer<typeof CalendarInfo>;

/** One time that something takes place: of a series, each time is one. */
export const Occurrence = z.object({
  /** Of the event: see `events/{id}`. */
  event: z.string(),
  calendar: z.string().optional(),
  title: z.string(),
  isAllDay: z.boolean(),
  isBirthday: z.boolean(),
  /** A day ("2026-05-01") for whole days, else a local time of the zone asked for ("2026-05-01T09:30:00"). */
  start: z.string(),
  /** For whole days the last one, included. */
  end: z.string().optional(),
  place: z.string().optional(),
  isCancelled: z.boolean(),
  repeats: z.boolean(),
});
export type Occurrence = z.infer<typeof Occurrence>;

export const CalendarQuery = z.object({
  month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/),
  /** An IANA name; the time zone of the service without it. */
  timeZone: z.string().max(64).optional(),
});

export const CalendarMonth = z.object({
  month: z.string(),
  calendars: z.array(CalendarInfo),
  occurrences: z.array(Occurrence),
  /** The first and last month with something in it, series without an end left out. */
  first: z.string().optional(),
  last: z.string().optional(),
  /** There were more than can be shown. */
  isCut: z.boolean(),
});
export type CalendarMonth = z.infer<typeof CalendarMonth>;

export const CalendarEvent = z.object({
  id: z.string(),
  calendar: z.string().optional(),
  title: z.string(),
  notes: z.string().optional(),
  isAllDay: z.boolean(),
  start: z.string().optional(),
  end: z.string().optional(),
  timeZone: z.string().optional(),
  place: z.string().optional(),
  address: z.string().optional(),
  url: z.string().optional(),
  organizer: Person.optional(),
  attendees: z.array(Person.extend({ response: z.string().optional() })),
  /** As RFC 5545 says it: "FREQ=WEEKLY;BYDAY=MO". */
  rules: z.array(z.string()),
  alarms: z.array(z.object({ offsetSeconds: z.number().optional(), at: moment.optional() })),
  createdAt: moment.optional(),
  modifiedAt: moment.optional(),
});
export type CalendarEvent = z.infer<typeof CalendarEvent>;
