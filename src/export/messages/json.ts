import type { Conversation, Message, MessageAttachment, Reaction } from '../../content/index.ts';
import { jsonArray } from '../text/json.ts';
import type { Copy } from './attachment-copies.ts';
import type { TakeOut } from './take-out.ts';

/** Everything that is recorded, a message a line; and the conversations in a file of their own. */
export async function writeJson(out: TakeOut): Promise<string> {
  const { folder } = out.request;
  const { path } = await folder.write(['messages.json'], messagesOf(out));
  await folder.write(['conversations.json'], jsonArray(conversationsOf(out)));
  return path;
}

const CHUNK_CHARACTERS = 64 * 1024;

/** As `jsonArray` writes it, but faster: all values are plain by now. */
async function* messagesOf(out: TakeOut): AsyncGenerator<string, undefined> {
  let text = '[';
  let separator = '\n';
  for (const conversation of out.selection.conversations) {
    for (const message of out.selection.of(conversation)) {
      const copies = message.attachments.length === 0 ? NONE : await copiesOf(out, message, conversation);
      text += separator + JSON.stringify(plainMessage(message, conversation, out, copies));
      separator = ',\n';
      if (text.length < CHUNK_CHARACTERS) continue;
      yield text;
      text = '';
    }
  }
  yield `${text}\n]\n`;
}

type Copies = ReadonlyMap<string, Copy>;
const NONE: Copies = new Map();

async function copiesOf({ copies }: TakeOut, message: Message, { title }: Conversation): Promise<Copies> {
  const made = new Map<string, Copy>();
  for (const attachment of message.attachments) made.set(attachment.guid, await copies.copy(attachment, title));
  return made;
}

/** Field by field: copying a message and replacing half of it takes longer than everything else here. */
function plainMessage(message: Message, { key, title }: Conversation, { times }: TakeOut, copies: Copies): object {
  const { attachments, parts, reaction, reactions, replyTo, event, edits, deletedParts } = message;
  const at: Stamp = (date) => date && times.iso(date);
  return {
    conversation: title,
    conversationKey: key,
    rowId: message.rowId,
    guid: message.guid,
    type: message.type,
    sentAt: at(message.sentAt),
    isFromMe: message.isFromMe,
    sender: person(message.sender),
    service: message.service,
    chatGuid: message.chatGuid,
    text: message.text,
    subject: message.subject,
    parts: parts.map((part) => (part.kind === 'attachment' ? { ...part, attachment: part.attachment.guid } : part)),
    attachments: attachments.map((each) => plainAttachment(each, copies.get(each.guid), at)),
    app: message.app,
    event: event && { ...event, whom: person(event.whom) },
    reaction: reaction && plainReaction(reaction, at),
    reactions: reactions.map((each) => plainReaction(each, at)),
    replyTo: replyTo && { ...replyTo, original: replyTo.original && plainQuote(replyTo.original, at) },
    edits: edits.map((edit) => ({ ...edit, at: at(edit.at) })),
    effect: message.effect,
    readAt: at(message.readAt),
    deliveredAt: at(message.deliveredAt),
    playedAt: at(message.playedAt),
    editedAt: at(message.editedAt),
    unsentAt: at(message.unsentAt),
    deletedAt: at(message.deletedAt),
    deletedParts: deletedParts.map((part) => ({ ...part, at: at(part.at) })),
    isAudio: message.isAudio,
    isRead: message.isRead,
    isSpam: message.isSpam,
    isScheduled: message.isScheduled,
    sendError: message.sendError,
    ownAddress: message.ownAddress,
    problem: message.problem,
  };
}

type Stamp = (date: Date | null | undefined) => string | null | undefined;

function plainAttachment(attachment: MessageAttachment, copy: Copy | undefined, at: Stamp): object {
  const { entry: _entry, livePhoto: _livePhoto, createdAt, ...rest } = attachment;
  return {
    ...rest,
    createdAt: at(createdAt),
    state: copy?.state ?? attachment.state,
    file: copy?.path,
    livePhotoFile: copy?.filmPath,
  };
}

function plainReaction({ sticker, sender, at: when, ...rest }: Reaction, at: Stamp): object {
  return { ...rest, sender: person(sender), at: at(when), sticker: sticker?.guid };
}

const plainQuote = (
  { sender, sentAt, ...rest }: NonNullable<NonNullable<Message['replyTo']>['original']>,
  at: Stamp,
): object => ({ ...rest, sender: person(sender), sentAt: at(sentAt) });

const person = (who: Message['sender']): object | undefined => who && { address: who.address, name: who.name };

function* conversationsOf({ selection, times }: TakeOut): Generator<object, undefined> {
  for (const { participants, chats, firstAt, lastAt, ...rest } of selection.conversations) {
    yield {
      ...rest,
      participants: participants.map(person),
      chats: chats.map(({ participants: members, ...chat }) => ({ ...chat, participants: members.map(person) })),
      firstAt: firstAt && times.iso(firstAt),
      lastAt: lastAt && times.iso(lastAt),
    };
  }
}
