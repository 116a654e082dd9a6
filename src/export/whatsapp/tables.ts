import type { WhatsAppCall, WhatsAppContact, WhatsAppMessage, WhatsAppPerson } from '../../content/index.ts';
import type { WallTimes } from '../messages/wall-times.ts';
import type { CsvValue } from '../text/csv.ts';
import type { Conversation } from './selection.ts';
import type { MediaCopy } from './media-copies.ts';
import { authorOf, wordsOf } from './words.ts';

/** A message with what became of its file. */
export interface TakenMessage {
  readonly conversation: Conversation;
  readonly message: WhatsAppMessage;
  readonly copy: MediaCopy | undefined;
}

export const MESSAGE_COLUMNS = [
  'App',
  'Conversation',
  'Sent',
  'Received',
  'From',
  'Number',
  'Kind',
  'Text',
  'File',
  'File is',
  'Reply to',
  'Reactions',
  'Starred',
  'Forwarded',
  'Latitude',
  'Longitude',
  'Id',
];

export function messageRow({ conversation, message, copy }: TakenMessage, times: WallTimes): CsvValue[] {
  const { media, reactions } = message;
  return [
    conversation.account.app,
    conversation.title,
    message.sentAt ? times.iso(message.sentAt) : undefined,
    message.receivedAt ? times.iso(message.receivedAt) : undefined,
    message.kind === 'event' && message.sender === undefined ? undefined : authorOf(message),
    message.sender?.phone,
    message.kind,
    wordsOf(message),
    copy?.path ?? media?.path,
    copy?.state,
    message.quoted?.key,
    reactions.map(({ emoji, from }) => `${emoji} ${from?.shownName ?? 'Me'}`).join(', '),
    message.isStarred,
    message.isForwarded,
    media?.latitude,
    media?.longitude,
    message.key,
  ];
}

/** All fields, ids instead of whole conversations. */
export function messageData({ conversation, message, copy }: TakenMessage, times: WallTimes): object {
  const { chat, media, row: _row, sentAt, receivedAt, sender, quoted, reactions, ...rest } = message;
  const at = (date: Date | null | undefined): string | null | undefined => date && times.iso(date);
  return {
    app: conversation.account.app,
    conversation: conversation.title,
    conversationJid: chat?.jid,
    conversationKind: chat?.kind,
    sentAt: at(sentAt),
    receivedAt: at(receivedAt),
    sender: sender && personData(sender),
    ...rest,
    quoted: quoted && { ...quoted, from: quoted.from && personData(quoted.from) },
    reactions: reactions.map(({ emoji, from, at: when }) => ({
      emoji,
      from: from ? personData(from) : 'me',
      at: when && times.iso(when),
    })),
    media: media && {
      ...media,
      file: copy?.path,
      state: copy?.state ?? media.state,
      thumbnail: undefined,
    },
  };
}

const personData = ({ jid, phone, contactName, pushName }: WhatsAppPerson): object => ({
  jid,
  phone,
  contactName,
  pushName,
});

export const CALL_COLUMNS = ['Started', 'Seconds', 'Direction', 'Kind', 'Outcome', 'With', 'Numbers', 'Id'];

export function callRow(call: WhatsAppCall, times: WallTimes): CsvValue[] {
  return [
    call.startedAt ? times.iso(call.startedAt) : undefined,
    call.durationSeconds,
    call.isIncoming === undefined ? undefined : call.isIncoming ? 'incoming' : 'outgoing',
    call.isVideo === undefined ? undefined : call.isVideo ? 'video' : 'voice',
    call.outcome,
    call.participants.map(({ shownName }) => shownName).join(', '),
    call.participants.map(({ phone, jid }) => phone ?? jid).join(', '),
    call.callId,
  ];
}

export const callData = ({ row: _row, participants, startedAt, ...call }: WhatsAppCall, times: WallTimes): object => ({
  startedAt: startedAt && times.iso(startedAt),
  ...call,
  participants: participants.map(personData),
});

export const CONTACT_COLUMNS = ['Name', 'Phone', 'Label', 'About', 'About changed', 'WhatsApp id', 'Address book id'];

export const contactRow = (contact: WhatsAppContact): CsvValue[] => [
  contact.name,
  contact.phone,
  contact.phoneLabel,
  contact.about,
  contact.aboutChangedAt,
  contact.jid,
  contact.identifier,
];
