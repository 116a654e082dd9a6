import { Link } from 'wouter';
import type { Message } from '../../../../../src/contract/index.ts';
import { Moment } from '../../../parts/amounts.tsx';
import { useFormats } from '../../../telling/use-formats.ts';
import { messagesWords } from '../../../words/messages.ts';
import { useWords } from '../../../words/words.ts';
import styles from './message-row.module.css';

type Reaction = Message['reactions'][number];
type Answered = NonNullable<Message['replyTo']>;

/** What is answered, above the answer. */
export function Quote({ replyTo, address }: { readonly replyTo: Answered; readonly address: string }) {
  const words = useWords(messagesWords);
  const who = replyTo.fromMe === true ? words.me : replyTo.sender;
  const text = replyTo.isThere ? (replyTo.text ?? words.attachment) : words.answeredGone;
  const inside = (
    <>
      <span className="unseen">{words.answers} </span>
      {who !== undefined && <bdi className={styles.bold}>{who}</bdi>}
      <span className={styles.quoted} dir="auto">
        {text}
      </span>
    </>
  );
  if (!replyTo.isThere || replyTo.id === '') return <div className={styles.quote}>{inside}</div>;
  return (
    <Link href={address} className={styles.quote}>
      {inside}
    </Link>
  );
}

const SIGNS: Readonly<Record<Reaction['kind'], string>> = {
  love: '❤️',
  like: '👍',
  dislike: '👎',
  laugh: '😂',
  emphasis: '‼️',
  question: '❓',
  emoji: '🙂',
  sticker: '🏷️',
};

/** Tapbacks, each sign once, with who gave it. */
export function Reactions({ reactions }: { readonly reactions: readonly Reaction[] }) {
  const words = useWords(messagesWords);
  const format = useFormats();
  if (reactions.length === 0) return null;
  const bySign = Map.groupBy(reactions, ({ kind, emoji }) => emoji ?? SIGNS[kind]);
  return (
    <ul className={styles.reactions} aria-label={words.reactions}>
      {[...bySign].map(([sign, all]) => {
        const who = format.list(all.map(({ fromMe, sender }) => (fromMe ? words.me : (sender ?? words.unknown))));
        return (
          <li key={sign} title={who}>
            {sign}
            {all.length > 1 && <span aria-hidden="true"> {format.number(all.length)}</span>}
            <span className="unseen"> {who}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** Earlier wordings; the last one is what stands. */
export function Edits({ edits }: { readonly edits: Message['edits'] }) {
  const words = useWords(messagesWords);
  if (edits.length < 2) return null;
  return (
    <details className={styles.edits}>
      <summary>{words.edited}</summary>
      <ol>
        {edits.slice(0, -1).map((edit, index) => (
          <li key={index}>
            <span dir="auto">{edit.text ?? words.empty}</span>
            {edit.at !== undefined && (
              <span className={styles.soft}>
                {' '}
                <Moment at={edit.at} />
              </span>
            )}
          </li>
        ))}
      </ol>
    </details>
  );
}
