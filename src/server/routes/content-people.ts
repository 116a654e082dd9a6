/** Conversations, contacts, calls, voice mail, notes. */
import { z } from 'zod';
import {
  Calls,
  Contact,
  Contacts,
  Conversations,
  ConversationMonths,
  MessagesPage,
  MessagesQuery,
  Note,
  Notes,
  PageQuery,
  UnlockNotes,
  Voicemails,
} from '../../contract/index.ts';
import { SNAPSHOT_CONTENT } from '../access.ts';
import { contentAnswer } from '../content/content-answer.ts';
import { readVersion } from '../content/read-version.ts';
import { route } from '../route.ts';
import { BYTES, SNAPSHOT_PARAMS } from './content.ts';

/** Apple's identifiers, and ours. */
const key = z.string().min(1).max(500);

export const contentPeopleRoutes = [
  route({
    method: 'GET',
    path: '/snapshots/:id/messages/conversations',
    summary: 'Conversations as the phone shows them, the one with the newest message first.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: PageQuery,
    answer: Conversations,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.listConversations(unlocked, call.query)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/messages/conversations/:conversation',
    summary: 'Messages of a conversation: the newest, or around a time, before or after a place.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS.extend({ conversation: key }),
    query: MessagesQuery,
    answer: MessagesPage,
    handle: (call) =>
      readVersion(call, ({ from, unlocked }) => from.readConversation(unlocked, call.params.conversation, call.query)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/messages/conversations/:conversation/months',
    summary: 'How many messages there are in each month, for jumping.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS.extend({ conversation: key }),
    answer: ConversationMonths,
    handle: (call) =>
      readVersion(call, ({ from, unlocked }) => from.conversationMonths(unlocked, call.params.conversation)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/messages/:message/place',
    summary: 'In which conversation a message is, and where: for what a search has found.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS.extend({ message: key }),
    answer: z.object({ conversation: z.string(), n: z.int() }),
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.placeOfMessage(unlocked, call.params.message)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/contacts',
    summary: 'People by name, linked cards as one; `q` looks for names, numbers and addresses.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: PageQuery.extend({ q: z.string().max(100).optional() }),
    answer: Contacts,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.listContacts(unlocked, call.query)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/contacts/:contact',
    summary: 'Everything on the card of one person.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS.extend({ contact: key }),
    answer: Contact,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.readContact(unlocked, call.params.contact)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/contacts/:contact/photo',
    summary: 'The picture of a person, `size=small` as lists show it.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS.extend({ contact: key }),
    query: z.object({ size: z.enum(['small', 'full']).default('full') }),
    answer: BYTES,
    handle: (call) =>
      readVersion(call, async ({ from, unlocked }) => {
        const photo = await from.contactPhoto(unlocked, call.params.contact, call.query.size === 'small');
        return contentAnswer(photo, unlocked, call.request);
      }),
  }),
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
  route({
    method: 'GET',
    path: '/snapshots/:id/notes',
    summary: 'Notes, pinned ones first, then the newest; and the folders they lie in.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: PageQuery.extend({ folder: key.optional() }),
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
    params: SNAPSHOT_PARAMS.extend({ note: key }),
    answer: Note,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.readNote(unlocked, call.params.note)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/notes/:note/attachments/:attachment',
    summary: 'A file of a locked note that is open, or how it looks (`part=picture`).',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS.extend({ note: key, attachment: key }),
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
