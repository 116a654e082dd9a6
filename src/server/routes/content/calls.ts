/** Calls, and what was spoken where nobody took them. */
import { Calls, PageQuery, Voicemails } from '../../../contract/index.ts';
import { SNAPSHOT_CONTENT } from '../../access.ts';
import { readVersion } from '../../content/read-version.ts';
import { route } from '../../route.ts';
import { SNAPSHOT_PARAMS } from './params.ts';

export const callRoutes = [
  route({
    method: 'GET',
    path: '/snapshots/:id/calls',
    summary: 'Calls, the newest first.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: PageQuery,
    answer: Calls,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.listCalls(unlocked, call.query)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/voicemail',
    summary: 'Voice mail, the newest first, with what plays in a browser.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: PageQuery,
    answer: Voicemails,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.listVoicemail(unlocked, call.query)),
  }),
];
