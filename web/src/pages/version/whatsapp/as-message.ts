import type { WhatsAppMessage } from '../../../../../src/contract/index.ts';
import type { Remark, ShownMessage } from '../threads/message-row.tsx';

/**
 * A message of WhatsApp in the shape of those of Messages, so that both are shown in one way.
 *
 * @param eventWithoutWords what is said of an event whose meaning is not known.
 */
export function asMessage(message: WhatsAppMessage, eventWithoutWords: string): ShownMessage {
  const { id, n, kind, at, fromMe, sender, text, title, event, file, place, quoted, reactions, status } = message;
  const isEvent = kind === 'event';
  const words = text ?? (isEvent ? undefined : title);
  const remarks: Remark[] = [
    ...(message.isStarred === true ? (['starred'] as const) : []),
    ...(message.isForwarded === true ? (['forwarded'] as const) : []),
    ...(message.contacts > 0 ? (['contact'] as const) : []),
  ];
  return {
    id,
    n,
    type: isEvent ? 'event' : 'message',
    fromMe,
    ...(at !== undefined && { at }),
    ...(sender && { sender }),
    parts: [
      ...(file ? [{ kind: 'attachment' as const, attachment: file }] : []),
      ...(words === undefined ? [] : [{ kind: 'text' as const, text: words, spans: [] }]),
      ...(kind === 'deleted' && words === undefined ? [{ kind: 'unsent' as const }] : []),
    ],
    reactions: reactions.map((reaction) => ({
      kind: 'emoji' as const,
      emoji: reaction.emoji,
      fromMe: reaction.sender === undefined,
      ...(reaction.sender !== undefined && { sender: reaction.sender }),
      part: 0,
    })),
    // Where the answered message is, the backup does not tell: its words stand there all the same.
    ...(quoted && {
      replyTo: {
        id: '',
        isThere: true,
        ...(quoted.sender !== undefined && { sender: quoted.sender }),
        ...(quoted.text !== undefined && { text: quoted.text }),
      },
    }),
    edits: [],
    ...(status === 'failed' && { failed: true }),
    ...(status === 'read' && at !== undefined && { readAt: at }),
    ...(isEvent && { eventText: text ?? event ?? eventWithoutWords }),
    ...(place && { place }),
    remarks,
  };
}
