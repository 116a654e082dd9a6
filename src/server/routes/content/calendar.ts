import { z } from 'zod';
import { CalendarEvent, CalendarMonth, CalendarQuery } from '../../../contract/index.ts';
import { SNAPSHOT_CONTENT } from '../../access.ts';
import { readVersion } from '../../content/read-version.ts';
import { route } from '../../route.ts';
import { KEY, SNAPSHOT_PARAMS } from './params.ts';

export const calendarRoutes = [
  route({
    method: 'GET',
    path: '/snapshots/:id/calendar',
    summary: 'Everything that takes place in a month (`month=2026-05`), by the clocks of a time zone.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: CalendarQuery,
    answer: CalendarMonth,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.readCalendarMonth(unlocked, call.query)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/calendar/events/:event',
    summary: 'Everything that is known of an event.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS.extend({ event: KEY }),
    query: z.object({ timeZone: z.string().max(64).optional() }),
    answer: CalendarEvent,
    handle: (call) =>
      readVersion(call, ({ from, unlocked }) =>
        from.readCalendarEvent(unlocked, call.params.event, call.query.timeZone),
      ),
  }),
];
