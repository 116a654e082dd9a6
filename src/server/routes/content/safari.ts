import { z } from 'zod';
import { Bookmarks, History, HistoryQuery, PageQuery, Tabs } from '../../../contract/index.ts';
import { SNAPSHOT_CONTENT } from '../../access.ts';
import { readVersion } from '../../content/read-version.ts';
import { route } from '../../route.ts';
import { SNAPSHOT_PARAMS } from './params.ts';

export const safariRoutes = [
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
];
