import type { Message } from '../../../../../src/contract/index.ts';
import { classes } from '../../../parts/classes.ts';
import { exactTime, writeDate } from '../../../telling/time.ts';
import { useLanguage } from '../../../words/language.ts';
import { messagesWords } from '../../../words/messages.ts';
import { useWords } from '../../../words/words.ts';
import { MessageParts } from './message-parts.tsx';
import { Edits, Quote, Reactions } from './message-extras.tsx';
import { endsRun, isOtherDay } from './runs.ts';
import styles from './message-row.module.css';

interface MessageRowProps {
  readonly message: ShownMessage;
  readonly before: ShownMessage | undefined;
  readonly after: ShownMessage | undefined;
  /** It is what was asked for. */
  readonly isWanted: boolean;
  readonly isGroup: boolean;
  /** Where a message that is answered is shown. */
  readonly addressOf: (message: string) => string;
}

/** A message as it is shown: what WhatsApp says more than Messages stands beside it. */
export interface ShownMessage extends Message {
  /** What happened, in words of the backup. */
  readonly eventText?: string | undefined;
  readonly place?: { readonly latitude: number; readonly longitude: number } | undefined;
  readonly remarks?: readonly Remark[];
}

export type Remark = 'starred' | 'forwarded' | 'contact';

/** One message with the day above it, where another day begins. */
export function MessageRow({ message, before, after, isWanted, isGroup, addressOf }: MessageRowProps) {
  const isMine = message.fromMe;
  const isNewSender = before?.sender?.name !== message.sender?.name || before?.type === 'event' || before?.fromMe;
  const isLast = endsRun(message, after);
  return (
    <>
      {isOtherDay(before?.at, message.at) && <Day at={message.at} />}
      {message.type === 'event' ? (
        <Event message={message} />
      ) : (
        <article
          className={classes(styles.message, isMine ? styles.mine : styles.theirs, isWanted && styles.wanted)}
          aria-current={isWanted ? 'true' : undefined}
        >
          <Sender
            message={message}
            isShown={isGroup && !isMine && (isNewSender === true || isOtherDay(before?.at, message.at))}
          />
          {message.replyTo && <Quote replyTo={message.replyTo} address={addressOf(message.replyTo.id)} />}
          <MessageParts message={message} />
          <Reactions reactions={message.reactions} />
          <Status message={message} isLast={isLast} />
          <Edits edits={message.edits} />
        </article>
      )}
    </>
  );
}

function Day({ at }: { readonly at: string | undefined }) {
  const language = useLanguage();
  if (at === undefined) return null;
  return (
    <p className={styles.day}>
      <time dateTime={at}>
        {writeDate(new Date(at), language, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })}
      </time>
    </p>
  );
}

/** Seen where it changes in a group; heard always. */
function Sender({ message, isShown }: { readonly message: Message; readonly isShown: boolean }) {
  const words = useWords(messagesWords);
  const name = message.fromMe ? words.me : (message.sender?.name ?? words.unknown);
  return (
    <p className={isShown ? styles.sender : 'unseen'}>
      <bdi>{name}</bdi>
    </p>
  );
}

function Event({ message }: { readonly message: ShownMessage }) {
  const words = useWords(messagesWords);
  const { event, fromMe, sender, eventText } = message;
  const who = fromMe ? words.me : (sender?.name ?? words.unknown);
  const say = words.events[event?.kind ?? 'other'] ?? words.events['other'];
  return (
    <p className={styles.event}>
      <bdi>{eventText ?? say?.(who, event?.whom ?? words.somebody, event?.name ?? '')}</bdi>
    </p>
  );
}

function Status({ message, isLast }: { readonly message: ShownMessage; readonly isLast: boolean }) {
  const words = useWords(messagesWords);
  const language = useLanguage();
  const { at } = message;
  const marks = [
    message.failed && words.marks.failed,
    message.isScheduled && words.marks.scheduled,
    message.unsentAt !== undefined && words.marks.unsent,
    message.deletedAt !== undefined && words.marks.deleted,
    message.problem !== undefined && words.marks.problem,
    ...(message.remarks ?? []).map((remark) => words.marks[remark]),
  ].filter((mark) => typeof mark === 'string');
  const time = at === undefined ? undefined : writeDate(new Date(at), language, { timeStyle: 'short' });
  const isSeen = isLast || marks.length > 0;
  return (
    <p className={isSeen ? styles.status : 'unseen'}>
      {at !== undefined && (
        <time dateTime={at} title={exactTime(new Date(at), language)}>
          {time}
        </time>
      )}
      {marks.map((mark) => (
        <span key={mark}>{mark}</span>
      ))}
      {isLast && message.fromMe && message.readAt !== undefined && <span>{words.marks.read}</span>}
    </p>
  );
}
