import { z } from 'zod';
import { MessagesQuery, PageQuery, WhatsAppChats, WhatsAppPage } from '../../../contract/index.ts';
import { SNAPSHOT_CONTENT } from '../../access.ts';
import { readVersion } from '../../content/read-version.ts';
import { route } from '../../route.ts';
import { KEY, SNAPSHOT_PARAMS } from './params.ts';

export const whatsAppRoutes = [
  route({
    method: 'GET',
    path: '/snapshots/:id/whatsapp/chats',
    summary: 'Conversations of WhatsApp, the latest talked in first.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: PageQuery,
    answer: WhatsAppChats,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.listWhatsAppChats(unlocked, call.query)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/whatsapp/chats/:chat',
    summary: 'Messages of a conversation of WhatsApp; asked for like those of Messages.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS.extend({ chat: KEY }),
    query: MessagesQuery,
    answer: WhatsAppPage,
    handle: (call) =>
      readVersion(call, ({ from, unlocked }) => from.readWhatsAppChat(unlocked, call.params.chat, call.query)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/whatsapp/place',
    summary: 'In which conversation a message of WhatsApp is, and where: for what a search has found.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: z.object({ message: KEY }),
    answer: z.object({ chat: z.string(), n: z.int() }),
    handle: (call) =>
      readVersion(call, ({ from, unlocked }) => from.placeOfWhatsAppMessage(unlocked, call.query.message)),
  }),
];
