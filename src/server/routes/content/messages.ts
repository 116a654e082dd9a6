import { z } from 'zod';
import { ConversationMonths, Conversations, MessagesPage, MessagesQuery, PageQuery } from '../../../contract/index.ts';
import { SNAPSHOT_CONTENT } from '../../access.ts';
import { readVersion } from '../../content/read-version.ts';
import { route } from '../../route.ts';
import { KEY, SNAPSHOT_PARAMS } from './params.ts';

export const messageRoutes = [
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
    params: SNAPSHOT_PARAMS.extend({ conversation: KEY }),
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
    params: SNAPSHOT_PARAMS.extend({ conversation: KEY }),
    answer: ConversationMonths,
    handle: (call) =>
      readVersion(call, ({ from, unlocked }) => from.conversationMonths(unlocked, call.params.conversation)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/messages/:message/place',
    summary: 'In which conversation a message is, and where: for what a search has found.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS.extend({ message: KEY }),
    answer: z.object({ conversation: z.string(), n: z.int() }),
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.placeOfMessage(unlocked, call.params.message)),
  }),
];
