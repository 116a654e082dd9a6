import type { Row } from '../../../database/index.ts';
import type { ManifestEntry } from '../../../snapshot/index.ts';
import { FormatError } from '../../../shared/errors.ts';
import { cocoaDateOf, numberOf, textOf, type Recorded } from '../../source/row-values.ts';
import { isInline, kindOf, NO_DETAILS, type AttachmentKind, type NoteAttachment, type NoteFile } from './attachment.ts';
import type { AttachmentRows, LockColumns } from './attachment-rows.ts';
import { objectsIn, type NoteDocument } from '../body/document.ts';
import type { NoteFiles } from '../files.ts';
import { decodeGallery } from './gallery.ts';
import { isComplete, type LockParts, type NotePassword } from '../locked/locked.ts';
import { decodeTranscript } from './recording.ts';
import { decodeTable } from '../body/table.ts';

const PICTURE = /\.(?:jpe?g|png|heic|tiff?|gif|webp)(?:\.encrypted)?$/i;
const PAGES = /\.pdf(?:\.encrypted)?$/i;
/** Attachments within attachments: a gallery has pictures, a table cell a hashtag. */
const MAX_DEPTH = 4;

/** Where attachments are found, and what opens those of locked notes. */
export interface AttachmentSources {
  readonly rows: AttachmentRows;
  readonly files: NoteFiles;
  readonly password: NotePassword;
}

/** The attachments of one note: those in its text, in order, then those that only the database knows. */
export async function attachmentsOf(
  sources: AttachmentSources,
  note: { readonly pk: number; readonly document: NoteDocument | undefined; readonly isLocked: boolean },
): Promise<NoteAttachment[]> {
  const builder = new Builder(sources, note.isLocked);
  const attachments: NoteAttachment[] = [];
  for (const { object, uti } of spansOf(note.document)) {
    const attachment = await builder.build(object, uti, 0);
    if (attachment) attachments.push(attachment);
  }
  for (const row of sources.rows.ofNote(note.pk)) {
    const isPart = numberOf(row['parent']) && sources.rows.partsOf(numberOf(row['parent']) ?? 0).length > 0;
    if (numberOf(row['deleted']) || isPart) continue;
    const attachment = await builder.buildRow(row, { isInText: false, uti: undefined, depth: 0 });
    if (attachment && !(isInline(attachment.kind) && note.document !== undefined)) attachments.push(attachment);
  }
  return attachments;
}

function spansOf(document: NoteDocument | undefined): { object: string; uti: string | undefined }[] {
  const spans = document?.paragraphs.flatMap((paragraph) => paragraph.spans.filter((span) => 'object' in span)) ?? [];
  return spans.map(({ object, uti }) => ({ object, uti }));
}

class Builder {
  readonly #sources: AttachmentSources;
  readonly #isLocked: boolean;
  readonly #built = new Set<string>();

  constructor(sources: AttachmentSources, isLocked: boolean) {
    this.#sources = sources;
    this.#isLocked = isLocked;
  }

  /** @returns undefined for one that is there already. */
  async build(identifier: string, uti: string | undefined, depth: number): Promise<NoteAttachment | undefined> {
    const row = this.#sources.rows.find(identifier);
    if (row !== undefined) return this.buildRow(row, { isInText: true, uti, depth });
    if (this.#built.has(identifier)) return undefined;
    this.#built.add(identifier);
    return { ...NO_DETAILS, identifier, kind: kindOf(uti), uti, isInText: true, problem: 'missing' };
  }

  async buildRow(
    row: Row,
    { isInText, uti, depth }: { isInText: boolean; uti: string | undefined; depth: number },
  ): Promise<NoteAttachment | undefined> {
    const identifier = textOf(row['identifier']) || `row-${Number(row['pk'])}`;
    if (this.#built.has(identifier)) return undefined;
    this.#built.add(identifier);
    const type = textOf(row['uti']) || uti;
    const kind = linkOrMap(kindOf(type), textOf(row['url']));
    const lock = this.#isLocked ? this.#sources.rows.lockOf(Number(row['pk'])) : undefined;
    const values = lock && (await this.#openValues(lock));
    const graph = this.#graphOf(row, kind, values);
    const media = this.#sources.rows.mediaOf(row);
    return {
      ...describe(row, values),
      identifier,
      kind,
      uti: type,
      isInText,
      place: this.#sources.rows.placeOf(Number(row['pk'])),
      file: media && (await this.#mediaFile(media, kind)),
      picture: await this.#picture(row, identifier, kind, lock),
      pages: await this.#pages(row, identifier, kind, lock),
      table: graph.table,
      transcript: graph.transcript,
      parts: depth < MAX_DEPTH ? await this.#parts(row, graph, depth + 1) : [],
      ...(graph.problem && { problem: graph.problem }),
    };
  }

  async #openValues({ values, parts, record }: LockColumns): Promise<Record<string, unknown> | undefined> {
    for (const locked of values) {
      const opened = await this.#sources.password.open(locked, [parts, record?.parts]);
      if (opened.state !== 'open') continue;
      try {
        const value: unknown = JSON.parse(opened.content.toString());
        if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
      } catch {
        return undefined;
      }
    }
    return undefined;
  }

  #graphOf(row: Row, kind: AttachmentKind, values: Record<string, unknown> | undefined): Graph {
    if (kind !== 'table' && kind !== 'gallery' && kind !== 'scan' && kind !== 'audio') return {};
    const packed = values?.['mergeableData'];
    const bytes =
      typeof packed === 'string' ? Buffer.from(packed, 'base64') : this.#sources.rows.graphOf(Number(row['pk']));
    if (!bytes?.length) return kind === 'table' ? { problem: this.#isLocked ? 'locked' : 'missing' } : {};
    try {
      if (kind === 'table') return { table: decodeTable(bytes) };
      return kind === 'audio' ? { transcript: decodeTranscript(bytes) } : { members: decodeGallery(bytes) };
    } catch (error) {
      if (error instanceof FormatError) return { problem: 'unreadable' };
      throw error;
    }
  }

  async #parts(row: Row, { members = [], table }: Graph, depth: number): Promise<NoteAttachment[]> {
    const { rows } = this.#sources;
    const inCells = table?.rows.flat().flatMap(objectsIn) ?? [];
    const named = [...members, ...inCells].map((identifier) => rows.find(identifier));
    const parts: NoteAttachment[] = [];
    for (const part of [...named, ...rows.partsOf(Number(row['pk']))]) {
      if (part === undefined || numberOf(part['deleted'])) continue;
      const built = await this.buildRow(part, { isInText: true, uti: undefined, depth });
      if (built) parts.push(built);
    }
    return parts;
  }

  async #mediaFile(media: NonNullable<ReturnType<AttachmentRows['mediaOf']>>, kind: AttachmentKind): Promise<NoteFile> {
    const lock = this.#isLocked ? this.#sources.rows.lockOf(media.pk) : undefined;
    const values = lock && (await this.#openValues(lock));
    const stored = values?.['filename'];
    const name = (typeof stored === 'string' && stored) || media.fileName || kind;
    const names = [name, media.identifier];
    const entry = this.#sources.files.best('Media', media.identifier, { generation: media.generation, names });
    return this.#file(name, entry, lock?.fileParts('asset'));
  }

  /** The picture a drawing or scan falls back to, or the largest preview there is. */
  async #picture(
    row: Row,
    identifier: string,
    kind: AttachmentKind,
    lock: LockColumns | undefined,
  ): Promise<NoteFile | undefined> {
    if (isInline(kind) || kind === 'table') return undefined;
    const { files, rows } = this.#sources;
    const generation = textOf(row['imageGeneration']) ?? undefined;
    const fallback = files.best('FallbackImages', identifier, { generation, type: PICTURE });
    if (fallback) return this.#file(nameOf(fallback, kind), fallback, lock?.fileParts('image'));
    for (const preview of rows.previewsOf(Number(row['pk']))) {
      const { generation: own, identifier: name, pk } = preview;
      const entry = files.best('Previews', name, { generation: own, type: PICTURE });
      if (entry === undefined) continue;
      const { parts } = this.#isLocked ? rows.lockOf(pk) : { parts: {} };
      return this.#file(nameOf(entry, kind), entry, isComplete(parts) ? parts : undefined);
    }
    const entry =
      files.best('Previews', identifier, { type: PICTURE }) ??
      (kind === 'drawing' || kind === 'scan' ? files.best('Paper', identifier, { type: PICTURE }) : undefined);
    return entry && this.#file(nameOf(entry, kind), entry, undefined);
  }

  async #pages(
    row: Row,
    identifier: string,
    kind: AttachmentKind,
    lock: LockColumns | undefined,
  ): Promise<NoteFile | undefined> {
    if (isInline(kind) || kind === 'table') return undefined;
    const generation = textOf(row['pdfGeneration']) ?? undefined;
    const entry = this.#sources.files.best('FallbackPDFs', identifier, { generation, type: PAGES });
    return entry && this.#file(nameOf(entry, kind), entry, lock?.fileParts('pdf') ?? lock?.fileParts('image'));
  }

  async #file(name: string, entry: ManifestEntry | undefined, parts: LockParts | undefined): Promise<NoteFile> {
    if (entry === undefined) return { name, state: 'not-in-backup', entry };
    if (!this.#isLocked) return { name, state: 'in-backup', entry };
    const key = parts && (await this.#sources.password.key(parts));
    return key ? { name, state: 'in-backup', entry, lock: { parts, key } } : { name, state: 'locked', entry };
  }
}

interface Graph {
  readonly table?: NoteAttachment['table'];
  readonly transcript?: NoteAttachment['transcript'];
  readonly members?: readonly string[];
  readonly problem?: NoteAttachment['problem'];
}

type Description = Pick<
  NoteAttachment,
  | 'title'
  | 'text'
  | 'target'
  | 'createdAt'
  | 'modifiedAt'
  | 'sizeBytes'
  | 'widthPx'
  | 'heightPx'
  | 'durationSeconds'
  | 'recognised'
>;

/** What the columns say; of a locked note, what its opened values say comes first. */
function describe(row: Row, values: Record<string, unknown> | undefined): Description {
  const text = (key: string, ...columns: readonly string[]): Recorded<string> => {
    const opened = values?.[key];
    if (typeof opened === 'string' && opened !== '') return opened;
    const found = columns.map((column) => textOf(row[column]));
    return found.find(Boolean) ?? found.find((each) => each !== undefined);
  };
  return {
    title: text('title', 'userTitle', 'title'),
    text: text('altText', 'altText'),
    target: text('urlString', 'url', 'token'),
    createdAt: cocoaDateOf(row['created']),
    modifiedAt: cocoaDateOf(row['modified']),
    sizeBytes: numberOf(row['size']),
    widthPx: numberOf(row['width']),
    heightPx: numberOf(row['height']),
    durationSeconds: numberOf(row['duration']),
    recognised: text('handwritingSummary', 'handwriting', 'print'),
  };
}

/** Places shared from Maps are links to it. */
function linkOrMap(kind: AttachmentKind, url: Recorded<string>): AttachmentKind {
  return kind === 'link' && /^(?:https?:\/\/maps\.apple\.com|maps:|geo:)/i.test(url ?? '') ? 'map' : kind;
}

/** Files of drawings and scans are called `FallbackImage.png` or by an identifier: they get the name of what they are. */
function nameOf({ relativePath }: ManifestEntry, kind: AttachmentKind): string {
  const extension = /\.([a-z0-9]{1,5})(?:\.encrypted)?$/i.exec(relativePath)?.[1] ?? 'bin';
  return `${kind}.${extension.toLowerCase()}`;
}
