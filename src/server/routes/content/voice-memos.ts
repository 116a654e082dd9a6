import { z } from 'zod';
import { PageQuery, VoiceMemos, VoiceMemoTranscript } from '../../../contract/index.ts';
import { SNAPSHOT_CONTENT } from '../../access.ts';
import { contentAnswer } from '../../content/content-answer.ts';
import { readVersion } from '../../content/read-version.ts';
import { route } from '../../route.ts';
import { BYTES, KEY, SNAPSHOT_PARAMS } from './params.ts';

const MEMO_PARAMS = SNAPSHOT_PARAMS.extend({ memo: KEY });

export const voiceMemoRoutes = [
  route({
    method: 'GET',
    path: '/snapshots/:id/voice-memos',
    summary: 'Voice memos, the newest first.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: PageQuery,
    answer: VoiceMemos,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.listVoiceMemos(unlocked, call.query)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/voice-memos/place',
    summary: 'Where a voice memo stands in the list: for what a search has found.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: z.object({ memo: KEY }),
    answer: z.object({ n: z.int() }),
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.placeOfVoiceMemo(unlocked, call.query.memo)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/voice-memos/:memo/transcript',
    summary: 'What the phone understood of a voice memo, where it wrote that down.',
    access: SNAPSHOT_CONTENT,
    params: MEMO_PARAMS,
    answer: VoiceMemoTranscript,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.voiceMemoTranscript(unlocked, call.params.memo)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/voice-memos/:memo/recording',
    summary: 'A voice memo to be kept, under its title.',
    access: SNAPSHOT_CONTENT,
    params: MEMO_PARAMS,
    answer: BYTES,
    handle: (call) =>
      readVersion(call, async ({ from, unlocked }) =>
        contentAnswer(await from.voiceMemoRecording(unlocked, call.params.memo), unlocked, call.request),
      ),
  }),
];
