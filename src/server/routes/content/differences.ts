import { ChangedItems, ChangedItemsQuery, Differences, DifferencesQuery } from '../../../contract/index.ts';
import { SNAPSHOT_CONTENT } from '../../access.ts';
import { readVersion } from '../../content/read-version.ts';
import { route } from '../../route.ts';
import { SNAPSHOT_PARAMS } from './params.ts';

export const differenceRoutes = [
  route({
    method: 'GET',
    path: '/snapshots/:id/differences',
    summary: 'What came, changed and went between two versions of a device, kind by kind.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: DifferencesQuery,
    answer: Differences,
    handle: (call) =>
      readVersion(call, ({ from, ...parts }) => from.readDifferences({ ...parts, other: call.query.with })),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/differences/items',
    summary: 'The things of one kind that came, changed or went.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: ChangedItemsQuery,
    answer: ChangedItems,
    handle: (call) =>
      readVersion(call, ({ from, ...parts }) => from.listChanged({ ...parts, other: call.query.with }, call.query)),
  }),
];
