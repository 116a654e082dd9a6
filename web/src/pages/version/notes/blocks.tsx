import { Fragment, type ReactNode } from 'react';
import type { NoteAttachment, NoteBlock, NoteSpan } from '../../../../../src/contract/index.ts';
import { classes } from '../../../parts/classes.ts';
import { notesWords } from '../../../words/notes.ts';
import { useWords } from '../../../words/words.ts';
import { Outside } from '../linked-text.tsx';
import { groupBlocks, type BlockGroup, type ListItem } from './group-blocks.ts';
import styles from './blocks.module.css';

interface BlocksProps {
  readonly blocks: readonly NoteBlock[];
  readonly attachments: ReadonlyMap<string, NoteAttachment>;
  /** Shows what stands in the text, other than as a word. */
  readonly renderAttached: (attachment: NoteAttachment) => ReactNode;
}

/** The text of a note, of a cell of a table. */
export function Blocks({ blocks, ...context }: BlocksProps) {
  return (
    <div className={styles.blocks}>
      <Groups groups={groupBlocks(blocks)} {...context} />
    </div>
  );
}

type Context = Pick<BlocksProps, 'attachments' | 'renderAttached'>;

function Groups({ groups, ...context }: Context & { readonly groups: readonly BlockGroup[] }) {
  return groups.map((group, index) => {
    if (group.kind === 'paragraph') return <Paragraph key={index} block={group.block} {...context} />;
    if (group.kind === 'code') {
      return (
        <pre key={index} className={styles.code}>
          {group.blocks.map((block, line) => (
            <Fragment key={line}>
              <Spans block={block} {...context} />
              {'\n'}
            </Fragment>
          ))}
        </pre>
      );
    }
    const items = group.items.map((item, at) => <Item key={at} item={item} style={group.style} {...context} />);
    return group.style === 'numbered' ? (
      <ol key={index} start={group.start} className={styles.numbered}>
        {items}
      </ol>
    ) : (
      <ul key={index} className={styles[group.style]}>
        {items}
      </ul>
    );
  });
}

function Paragraph({ block, ...context }: Context & { readonly block: NoteBlock }) {
  const { style, quoted, alignment } = block;
  const look = classes(alignment && styles[alignment]);
  const inside = <Spans block={block} {...context} />;
  if (style === 'title')
    return (
      <h2 className={classes(styles.title, look)} dir="auto">
        {inside}
      </h2>
    );
  if (style === 'heading')
    return (
      <h3 className={classes(styles.heading, look)} dir="auto">
        {inside}
      </h3>
    );
  if (style === 'subheading')
    return (
      <h4 className={classes(styles.subheading, look)} dir="auto">
        {inside}
      </h4>
    );
  // A paragraph may hold a table or a film: it is a division.
  const line = (
    <div className={classes(styles.line, look)} dir="auto">
      {inside}
    </div>
  );
  return quoted === true ? <blockquote className={styles.quote}>{line}</blockquote> : line;
}

function Item({ item, style, ...context }: Context & { readonly item: ListItem; readonly style: string }) {
  const words = useWords(notesWords);
  const { block, below } = item;
  const isDone = block.checked === true;
  return (
    <li className={classes(style === 'checklist' && isDone && styles.done)} dir="auto">
      {style === 'checklist' && (
        <span className={styles.check}>
          <svg width={18} height={18} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <circle cx={12} cy={12} r={9.5} />
            {isDone && <path d="m7.5 12.5 3 3 6-6.5" />}
          </svg>
          <span className="unseen">{isDone ? words.checked : words.unchecked}: </span>
        </span>
      )}
      <Spans block={block} {...context} />
      {below.length > 0 && <Groups groups={below} {...context} />}
    </li>
  );
}

function Spans({ block, attachments, renderAttached }: Context & { readonly block: NoteBlock }): ReactNode {
  return block.spans.map((span, index) => {
    if ('text' in span) return <Styled key={index} span={span} text={span.text} />;
    const attachment = attachments.get(span.attachment);
    if (attachment === undefined) return null;
    if (attachment.isInline)
      return <Styled key={index} span={span} text={attachment.text ?? attachment.title ?? ''} isTag />;
    return <Fragment key={index}>{renderAttached(attachment)}</Fragment>;
  });
}

interface StyledProps {
  readonly span: NoteSpan;
  readonly text: string;
  readonly isTag?: boolean;
}

function Styled({ span, text, isTag = false }: StyledProps) {
  const look = classes(
    span.bold === true && styles.bold,
    span.italic === true && styles.italic,
    span.underlined === true && (span.struck === true ? styles.both : styles.underlined),
    span.struck === true && span.underlined !== true && styles.struck,
    span.raised && styles[span.raised],
    span.highlight && styles[span.highlight],
    isTag && styles.tag,
  );
  const shown = look === '' ? text : <span className={look}>{text}</span>;
  return span.link === undefined ? shown : <Outside to={span.link}>{shown}</Outside>;
}
