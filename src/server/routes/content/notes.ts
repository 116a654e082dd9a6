import { z } from 'zod';
import { Note, Notes, PageQuery, UnlockNotes } from '../../../contract/index.ts';
import { SNAPSHOT_CONTENT } from '../../access.ts';
import { contentAnswer } from '../../content/content-answer.ts';
import { readVersion } from '../../content/read-version.ts';
import { route } from '../../route.ts';
import { BYTES, KEY, SNAPSHOT_PARAMS } from './params.ts';

export const noteRoutes = [
  route({
    method: 'GET',
    path: '/snapshots/:id/notes',
    summary: 'Notes, pinned ones first, then the newest; and the folders they lie in.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: PageQuery.extend({ folder: KEY.optional() }),
    answer: Notes,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.listNotes(unlocked, call.query)),
  }),
  route({
    method: 'POST',
    path: '/snapshots/:id/notes/unlock',
    summary: 'Tries the password of locked notes; what it opens stays open as long as the version does.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    body: UnlockNotes,
    answer: z.object({ open: z.int(), locked: z.int() }),
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.unlockNotes(unlocked, call.body.password)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/notes/:note',
    summary: 'A note as blocks of text and what is attached to it.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS.extend({ note: KEY }),
    answer: Note,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.readNote(unlocked, call.params.note)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/notes/:note/attachments/:attachment',
    summary: 'A file of a locked note that is open, or how it looks (`part=picture`).',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS.extend({ note: KEY, attachment: KEY }),
    query: z.object({ part: z.enum(['file', 'picture']).default('file') }),
    answer: BYTES,
    handle: (call) =>
      readVersion(call, async ({ from, unlocked }) => {
        const { note, attachment } = call.params;
        const content = await from.noteFile(unlocked, note, attachment, call.query.part);
        return contentAnswer(content, unlocked, call.request);
      }),
  }),
];
