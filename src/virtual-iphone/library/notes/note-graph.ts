/**
 * Objects within notes that several devices may edit at once: tables, galleries, transcripts. One flat list of entries
 * that refer to each other by index, and the names of their keys and types and their UUIDs beside it.
 */
import { bytesField, doubleField, varintField } from '../../../formats/index.ts';
import { encodeNoteText, packed, type NotePiece } from './note-body.ts';
import type { Random } from '../random.ts';

const refer = (index: number): Buffer => varintField(6, index);

class GraphWriter {
  readonly #random: Random;
  readonly #entries: Buffer[] = [];
  readonly #keys: string[] = [];
  readonly #types: string[] = [];
  readonly #uuids: Buffer[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  /** A place for an entry that others refer to before it is made. */
  reserve(): number {
    return this.#entries.push(Buffer.alloc(0)) - 1;
  }

  put(index: number, ...entry: readonly Buffer[]): number {
    this.#entries[index] = Buffer.concat(entry);
    return index;
  }

  add(...entry: readonly Buffer[]): number {
    return this.put(this.reserve(), ...entry);
  }

  object(type: string, fields: Readonly<Record<string, Buffer>>): Buffer {
    const values = Object.entries(fields).map(([key, value]) =>
      bytesField(3, varintField(1, numberIn(this.#keys, key)), bytesField(2, value)),
    );
    return bytesField(13, varintField(1, numberIn(this.#types, type)), ...values);
  }

  string(text: string): number {
    return this.add(this.object('com.apple.CRDT.NSString', { self: bytesField(4, text) }));
  }

  number(value: number): number {
    return this.add(this.object('com.apple.CRDT.NSNumber', { doubleValue: doubleField(3, value) }));
  }

  register(content: number): number {
    return this.add(bytesField(1, bytesField(2, refer(content))));
  }

  text(pieces: readonly NotePiece[]): number {
    return this.add(bytesField(10, encodeNoteText(pieces, this.#random.bytes(16))));
  }

  /** A new UUID; `entry` makes another object that says the same, as each mention of one is. */
  uuid(): { bytes: Buffer; entry: () => number } {
    const bytes = this.#random.bytes(16);
    const index = this.#uuids.push(bytes) - 1;
    const entry = (): number => this.add(this.object('com.apple.CRDT.NSUUID', { UUIDIndex: varintField(2, index) }));
    return { bytes, entry };
  }

  dictionary(pairs: readonly (readonly [key: number, value: number])[]): Buffer[] {
    return pairs.map(([key, value]) => bytesField(1, bytesField(1, refer(key)), bytesField(2, refer(value))));
  }

  /** Members in order; a removed one keeps its place and is no element any more. */
  orderedSet(members: readonly { place: Buffer; key: number; value: number; isRemoved?: boolean }[]): Buffer {
    const places = members.map(({ place }, i) => bytesField(2, varintField(1, i), bytesField(2, place)));
    const marks = bytesField(1, bytesField(2, '\uFFFC'.repeat(members.length)));
    const contents = this.dictionary(members.map(({ key, value }) => [key, value]));
    const elements = this.dictionary(members.filter(({ isRemoved }) => !isRemoved).map(({ key }) => [key, key]));
    const ordering = bytesField(1, bytesField(1, marks, ...places), bytesField(2, ...contents));
    return bytesField(16, ordering, bytesField(2, ...elements));
  }

  /** The lists and entries, without the messages around them. */
  encode(): Buffer {
    return Buffer.concat([
      ...this.#entries.map((entry) => bytesField(3, entry)),
      ...this.#keys.map((key) => bytesField(4, key)),
      ...this.#types.map((type) => bytesField(5, type)),
      ...this.#uuids.map((uuid) => bytesField(6, uuid)),
    ]);
  }
}

function numberIn(names: string[], name: string): number {
  const known = names.indexOf(name);
  return known === -1 ? names.push(name) - 1 : known;
}

const wrapped = (graph: Buffer): Buffer =>
  packed(Buffer.concat([varintField(1, 0), bytesField(2, varintField(1, 0), bytesField(3, graph))]));

interface TableOptions {
  readonly isRightToLeft?: boolean;
  /** A row that was there once: other devices still have to hear that it is gone. */
  readonly removedRow?: readonly (readonly NotePiece[])[];
}

/** A table of rows of cells. */
export function encodeTable(
  random: Random,
  rows: readonly (readonly (readonly NotePiece[])[])[],
  { isRightToLeft = false, removedRow }: TableOptions = {},
): Buffer {
  const writer = new GraphWriter(random);
  const root = writer.reserve();
  const all = removedRow === undefined ? rows : [...rows.slice(0, 1), removedRow, ...rows.slice(1)];
  const rowIds = all.map((row) => ({ ...twoNames(writer), isRemoved: row === removedRow }));
  const columnIds = (rows[0] ?? []).map(() => ({ ...twoNames(writer), isRemoved: false }));
  const columns = columnIds.map((column, x) => {
    const cells = all.map((row, y): [number, number] => [rowIds[y]?.cellKey() ?? 0, writer.text(row[x] ?? [])]);
    // Cells nobody has written into are not there.
    const written = cells.filter((_, y) => (all[y]?.[x] ?? []).length > 0);
    return [column.cellKey(), writer.add(bytesField(6, ...writer.dictionary(written)))] as const;
  });
  const direction = `CRTableColumnDirection${isRightToLeft ? 'RightToLeft' : 'LeftToRight'}`;
  writer.put(
    root,
    writer.object('com.apple.notes.ICTable', {
      identity: bytesField(4, '00000000-0000-0000-0000-000000000000'),
      crTableColumnDirection: refer(writer.register(writer.string(direction))),
      crRows: refer(writer.add(writer.orderedSet(rowIds))),
      crColumns: refer(writer.add(writer.orderedSet(columnIds))),
      cellColumns: refer(writer.add(bytesField(6, ...writer.dictionary(columns)))),
    }),
  );
  return wrapped(writer.encode());
}

/** A row or column is called one thing in the order and another in the cells. */
function twoNames(writer: GraphWriter): { place: Buffer; key: number; value: number; cellKey: () => number } {
  const [own, inCells] = [writer.uuid(), writer.uuid()];
  return { place: own.bytes, key: own.entry(), value: inCells.entry(), cellKey: inCells.entry };
}

/** A gallery or a scan: the identifiers of its pictures, in order. */
export function encodeGallery(random: Random, identifiers: readonly string[]): Buffer {
  const writer = new GraphWriter(random);
  const root = writer.reserve();
  // Entries come in another order than the pictures: only the set knows theirs.
  const values = new Map(identifiers.toReversed().map((identifier) => [identifier, writer.string(identifier)]));
  const members = identifiers.map((identifier) => {
    const { bytes, entry } = writer.uuid();
    return { place: bytes, key: entry(), value: values.get(identifier) ?? 0 };
  });
  writer.put(
    root,
    writer.object('com.apple.notes.ICDocCamDocument', {
      subAttachments: refer(writer.add(writer.orderedSet(members))),
    }),
  );
  return wrapped(writer.encode());
}

interface SpokenWord {
  readonly text: string;
  readonly atSeconds: number;
  readonly speaker?: string;
}

/** A recording with what was said, word by word, in the order the words were recognised. These come unpacked. */
export function encodeTranscript(random: Random, words: readonly SpokenWord[], preview: string): Buffer {
  const writer = new GraphWriter(random);
  const root = writer.reserve();
  const scattered = [...words.filter((_, i) => i % 2 === 1), ...words.filter((_, i) => i % 2 === 0)];
  for (const { text, atSeconds, speaker } of scattered) {
    writer.add(
      writer.object('com.apple.notes.ICTTTranscriptSegment', {
        text: refer(writer.register(writer.string(text))),
        timestamp: refer(writer.register(writer.number(atSeconds))),
        ...(speaker !== undefined && { speaker: refer(writer.register(writer.string(speaker))) }),
      }),
    );
  }
  const summary = refer(writer.register(writer.text([{ text: preview }])));
  writer.put(root, writer.object('com.apple.notes.ICTTAudioRecording', { topLineSummary: summary }));
  return writer.encode();
}
