import type { FileRef, Message as ToldMessage, MessagePart } from '../../../contract/index.ts';
import { nameOf, type Message, type MessageAttachment } from '../../../content/index.ts';
import { fileRef } from '../files/file-ref.ts';
import { fileToken } from '../files/file-token.ts';
import { isoOf, orNone, safeLink, textOrNone } from '../values.ts';

/** @param n where it stands in its conversation. */
export function tellMessage(message: Message, n: number): ToldMessage {
  const { app, event, replyTo, sender } = message;
  return {
    id: message.guid,
    n,
    type: message.type,
    at: isoOf(message.sentAt),
    fromMe: message.isFromMe,
    sender: sender && { name: nameOf(sender), address: sender.address },
    service: textOrNone(message.service),
    subject: textOrNone(message.subject),
    parts: message.parts.map(tellPart),
    app: app && {
      name: app.name,
      title: app.title,
      subtitle: app.subtitle,
      summary: app.summary,
      url: safeLink(app.url),
    },
    event: event && { kind: event.kind, whom: event.whom && nameOf(event.whom), name: orNone(event.name) },
    reactions: message.reactions
      .filter(({ stands, isRemoval }) => stands && !isRemoval)
      .map((reaction) => ({
        kind: reaction.kind,
        emoji: reaction.emoji,
        sticker: reaction.sticker && tellFile(reaction.sticker),
        fromMe: reaction.isFromMe,
        sender: reaction.sender && nameOf(reaction.sender),
        at: isoOf(reaction.at),
        part: reaction.targetPart,
      })),
    replyTo: replyTo && {
      id: replyTo.guid,
      isThere: replyTo.original !== undefined,
      fromMe: replyTo.original?.isFromMe,
      sender: replyTo.original?.sender && nameOf(replyTo.original.sender),
      text: orNone(replyTo.original?.text),
    },
    edits: message.edits.map(({ at, text, part }) => ({ at: isoOf(at), text: orNone(text), part })),
    effect: textOrNone(message.effect),
    readAt: isoOf(message.readAt),
    deliveredAt: isoOf(message.deliveredAt),
    editedAt: isoOf(message.editedAt),
    unsentAt: isoOf(message.unsentAt),
    deletedAt: isoOf(message.deletedAt),
    isAudio: orTrue(message.isAudio),
    isScheduled: orTrue(message.isScheduled),
    failed: typeof message.sendError === 'number' && message.sendError !== 0 ? true : undefined,
    problem: message.problem,
  };
}

const orTrue = (flag: boolean | null | undefined): true | undefined => (flag === true ? true : undefined);

function tellPart(part: Message['parts'][number]): MessagePart {
  if (part.kind === 'unsent') return { kind: 'unsent' };
  if (part.kind === 'text') {
    return { kind: 'text', text: part.text, spans: part.spans.map(tellSpan).filter(saysSomething) };
  }
  const { attachment } = part;
  return {
    kind: 'attachment',
    attachment: tellFile(attachment),
    transcript: attachment.transcript,
    livePhoto: attachment.livePhoto && fileToken(attachment.livePhoto),
    isSticker: orTrue(attachment.isSticker),
  };
}

type Span = Extract<MessagePart, { kind: 'text' }>['spans'][number];

function tellSpan({ start, end, mention, link, bold, italic, underline, strikethrough }: Span): Span {
  return { start, end, mention, link: safeLink(link), bold, italic, underline, strikethrough };
}

const saysSomething = ({ start: _start, end: _end, ...looks }: Span): boolean =>
  Object.values(looks).some((look) => look !== undefined);

function tellFile({ entry, name, state, sizeBytes }: MessageAttachment): FileRef {
  const ref = fileRef(entry, { name, state });
  return ref.sizeBytes === undefined && typeof sizeBytes === 'number' && sizeBytes >= 0
    ? { ...ref, sizeBytes: Math.round(sizeBytes) }
    : ref;
}
