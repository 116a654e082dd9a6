import { Fragment, type ReactNode } from 'react';
import type { MessagePart } from '../../../../../src/contract/index.ts';
import { classes } from '../../../parts/classes.ts';
import { messagesWords } from '../../../words/messages.ts';
import { useWords } from '../../../words/words.ts';
import { FileView } from '../file-view.tsx';
import { Outside } from '../linked-text.tsx';
import type { ShownMessage } from './message-row.tsx';
import styles from './message-row.module.css';

/** What a message consists of: text, what is attached, what an app has made. */
export function MessageParts({ message }: { readonly message: ShownMessage }) {
  const words = useWords(messagesWords);
  const { parts, app, subject, place } = message;
  const isEmpty = parts.length === 0 && app === undefined && place === undefined;
  return (
    <>
      {subject !== undefined && (
        <p className={classes(styles.bubble, styles.subject)} dir="auto">
          {subject}
        </p>
      )}
      {parts.map((part, index) => (
        <Part key={index} part={part} />
      ))}
      {app && (
        <div className={classes(styles.bubble, styles.app)}>
          <span className={styles.appName}>{app.name}</span>
          {[app.title, app.subtitle, app.summary]
            .filter((line, index, all) => line !== undefined && all.indexOf(line) === index)
            .map((line) => (
              <span key={line} dir="auto">
                {line}
              </span>
            ))}
          {app.url !== undefined && <Outside to={app.url}>{app.url}</Outside>}
        </div>
      )}
      {place && (
        <p className={styles.bubble}>
          {words.place} {place.latitude.toFixed(5)}, {place.longitude.toFixed(5)}
        </p>
      )}
      {isEmpty && <p className={classes(styles.bubble, styles.gone)}>{words.empty}</p>}
    </>
  );
}

function Part({ part }: { readonly part: MessagePart }) {
  const words = useWords(messagesWords);
  if (part.kind === 'unsent') return <p className={classes(styles.bubble, styles.gone)}>{words.unsent}</p>;
  if (part.kind === 'text') {
    return (
      <p className={classes(styles.bubble, isOnlyEmoji(part.text) && styles.large)} dir="auto">
        {withSpans(part)}
      </p>
    );
  }
  return (
    <div className={styles.attachment}>
      <FileView file={part.attachment} />
      {part.transcript !== undefined && (
        <p className={styles.transcript} dir="auto">
          {part.transcript}
        </p>
      )}
    </div>
  );
}

type TextPart = Extract<MessagePart, { kind: 'text' }>;

/** The text in stretches. It is never anything but text. */
function withSpans({ text, spans }: TextPart): ReactNode {
  const pieces: ReactNode[] = [];
  let done = 0;
  for (const span of spans) {
    if (span.start > done) pieces.push(<Fragment key={`t${done}`}>{text.slice(done, span.start)}</Fragment>);
    pieces.push(<Stretch key={span.start} span={span} text={text.slice(span.start, span.end)} />);
    done = Math.max(done, span.end);
  }
  if (done < text.length) pieces.push(<Fragment key="end">{text.slice(done)}</Fragment>);
  return pieces;
}

function Stretch({ span, text }: { readonly span: TextPart['spans'][number]; readonly text: string }) {
  const look = classes(
    span.bold && styles.bold,
    span.italic && styles.italic,
    span.underline && styles.underline,
    span.strikethrough && styles.strikethrough,
    span.mention !== undefined && styles.bold,
  );
  const shown = <span className={look}>{text}</span>;
  return span.link === undefined ? shown : <Outside to={span.link}>{shown}</Outside>;
}

/** Up to three emoji alone are shown large, as on the phone. */
function isOnlyEmoji(text: string): boolean {
  return text.length <= 24 && /^(\p{RGI_Emoji}\s?){1,3}$/v.test(text);
}
