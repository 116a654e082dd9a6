/** Calendars, Safari, WhatsApp, Health. */
import { z } from 'zod';
import {
  Bookmarks,
  CalendarEvent,
  CalendarMonth,
  CalendarQuery,
  HealthOverview,
  HealthSeries,
  HealthSeriesQuery,
  History,
  HistoryQuery,
  MessagesQuery,
  PageQuery,
  Tabs,
  WhatsAppChats,
  WhatsAppPage,
  Workouts,
} from '../../contract/index.ts';
import { SNAPSHOT_CONTENT } from '../access.ts';
import { readVersion } from '../content/read-version.ts';
import { route } from '../route.ts';
import { SNAPSHOT_PARAMS } from './content.ts';

const key = z.string().min(1).max(500);

export const contentMoreRoutes = [
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
    params: SNAPSHOT_PARAMS.extend({ event: key }),
    query: z.object({ timeZone: z.string().max(64).optional() }),
    answer: CalendarEvent,
    handle: (call) =>
      readVersion(call, ({ from, unlocked }) =>
        from.readCalendarEvent(unlocked, call.params.event, call.query.timeZone),
      ),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/safari/history',
    summary: 'Pages that were visited, the newest first.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: HistoryQuery,
    answer: History,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.listHistory(unlocked, call.query)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/safari/bookmarks',
    summary: 'Bookmarks and the reading list, as a tree.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    answer: Bookmarks,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.listBookmarks(unlocked)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/safari/tabs',
    summary: 'Open tabs, here and on other devices; private ones with `private=true`.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: PageQuery.extend({ private: z.enum(['true', 'false']).default('false') }),
    answer: Tabs,
    handle: (call) =>
      readVersion(call, ({ from, unlocked }) =>
        from.listTabs(unlocked, { ...call.query, private: call.query.private === 'true' }),
      ),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/whatsapp/chats',
    summary: 'Conversations of WhatsApp, the latest talked in first.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: PageQuery,
    answer: WhatsAppChats,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.listWhatsAppChats(unlocked, call.query)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/whatsapp/chats/:chat',
    summary: 'Messages of a conversation of WhatsApp; asked for like those of Messages.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS.extend({ chat: key }),
    query: MessagesQuery,
    answer: WhatsAppPage,
    handle: (call) =>
      readVersion(call, ({ from, unlocked }) => from.readWhatsAppChat(unlocked, call.params.chat, call.query)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/whatsapp/place',
    summary: 'In which conversation a message of WhatsApp is, and where: for what a search has found.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: z.object({ message: key }),
    answer: z.object({ chat: z.string(), n: z.int() }),
    handle: (call) =>
      readVersion(call, ({ from, unlocked }) => from.placeOfWhatsAppMessage(unlocked, call.query.message)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/health',
    summary: 'What was measured, the most first.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    answer: HealthOverview,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.readHealth(unlocked)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/health/types/:type',
    summary: 'What a chart shows: a value for each day, week or month.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS.extend({ type: z.coerce.number().int() }),
    query: HealthSeriesQuery,
    answer: HealthSeries,
    handle: (call) =>
      readVersion(call, ({ from, unlocked }) => from.readHealthSeries(unlocked, call.params.type, call.query)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/health/workouts',
    summary: 'Workouts, the newest first.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: PageQuery,
    answer: Workouts,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.listWorkouts(unlocked, call.query)),
  }),
];
