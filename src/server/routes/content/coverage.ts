import { Shelf } from '../../../contract/index.ts';
import { SNAPSHOT_CONTENT } from '../../access.ts';
import { readVersion } from '../../content/read-version.ts';
import { route } from '../../route.ts';
import { SNAPSHOT_PARAMS } from './params.ts';

export const coverageRoutes = [
  route({
    method: 'GET',
    path: '/snapshots/:id/coverage',
    summary: 'What is in a version, kind by kind with counts, and what is not.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    answer: Shelf,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.readShelf(unlocked)),
  }),
];
