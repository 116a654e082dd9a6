/** Reminders and voice memos. */
import { z } from 'zod';
import {
  PageQuery,
  ReminderPlace,
  Reminders,
  RemindersQuery,
  VoiceMemos,
  VoiceMemoTranscript,
} from '../../contract/index.ts';
import { SNAPSHOT_CONTENT } from '../access.ts';
import { contentAnswer } from '../content/content-answer.ts';
import { readVersion } from '../content/read-version.ts';
import { route } from '../route.ts';
import { BYTES, SNAPSHOT_PARAMS } from './content.ts';

const key = z.string().min(1).max(500);
const MEMO_PARAMS = SNAPSHOT_PARAMS.extend({ memo: key });

export const contentMemosRoutes = [
  route({
    method: 'GET',
    path: '/snapshots/:id/reminders',
    summary: 'Reminders of a list or of all, what is open first; and the lists.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: RemindersQuery,
    answer: Reminders,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.listReminders(unlocked, call.query)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/reminders/place',
    summary: 'In which list a reminder is, and where: for what a search has found.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: z.object({ reminder: key }),
    answer: ReminderPlace,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.placeOfReminder(unlocked, call.query.reminder)),
  }),
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
    query: z.object({ memo: key }),
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
