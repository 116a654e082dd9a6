import { SearchQuery, SearchResult } from '../../../contract/index.ts';
import { SNAPSHOT_CONTENT } from '../../access.ts';
import { readVersion } from '../../content/read-version.ts';
import { route } from '../../route.ts';
import { SNAPSHOT_PARAMS } from './params.ts';

export const searchRoutes = [
  route({
    method: 'GET',
    path: '/snapshots/:id/search',
    summary: 'Searches a version, or all versions of its device that this session can open, for words.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: SearchQuery,
    answer: SearchResult,
    handle: (call) =>
      readVersion(call, ({ from, unlocked, browsing, visitor }) =>
        from.search(browsing, visitor, unlocked, call.query),
      ),
  }),
];
