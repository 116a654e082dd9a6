import type { NoteAttachment } from '../attachments/attachment.ts';
import type { NoteDocument } from './document.ts';
import type { NoteTranscript } from '../attachments/recording.ts';
import type { NoteTable } from './table.ts';

/** A document as plain text: what searching looks through, and what a person copies. */
export function plainText(document: NoteDocument, attachments: ReadonlyMap<string, NoteAttachment>): string {
  const lines = document.paragraphs.map(({ spans }) =>
    spans
      .map((span) => ('text' in span ? span.text : textOfObject(attachments.get(span.object), attachments)))
      .join(''),
  );
  return lines.join('\n');
}

/** Attachments of a note and those within them, by identifier. */
export function byIdentifier(attachments: readonly NoteAttachment[]): ReadonlyMap<string, NoteAttachment> {
  const all = new Map<string, NoteAttachment>();
  const add = (attachment: NoteAttachment): void => {
    all.set(attachment.identifier, attachment);
    attachment.parts.forEach(add);
  };
  attachments.forEach(add);
  return all;
}

function textOfObject(
  attachment: NoteAttachment | undefined,
  attachments: ReadonlyMap<string, NoteAttachment>,
): string {
  if (attachment === undefined) return '';
  if (attachment.table) return tableText(attachment.table, attachments);
  if (attachment.text) return attachment.text;
  if (attachment.kind === 'link' || attachment.kind === 'map') {
    return [attachment.title, attachment.target].filter(Boolean).join(' ');
  }
  return attachment.title ?? attachment.file?.name ?? '';
}

/** Cells apart by tabs, rows by lines. */
function tableText({ rows }: NoteTable, attachments: ReadonlyMap<string, NoteAttachment>): string {
  return rows.map((row) => row.map((cell) => plainText(cell, attachments).replaceAll('\n', ' ')).join('\t')).join('\n');
}

export const transcriptText = ({ turns }: NoteTranscript): string => turns.map(({ text }) => text).join('\n');
