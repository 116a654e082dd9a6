/**
 * Objects that several devices may edit at once, as Notes keeps tables, galleries and recordings:
 *
 *   document (2) → data (3) → entries (3), names of keys (4), names of types (5), UUIDs (6)
 *   entry    register (1), dictionary (6), text with runs (10), object of a type (13), ordered set (16)
 *   object   type (1), fields (3): key (1), value (2)
 *   value    unsigned (2), double (3), text (4), index of an entry (6)
 *
 * Everything refers to everything by indexes from 0. Recordings come without the two outer messages.
 */
import { decodeProtobuf, type ProtobufMessage } from '../../../formats/index.ts';
import { FormatError } from '../../../shared/errors.ts';
import { unpacked } from '../packed.ts';

/** A table of a thousand cells is under a MB. */
const MAX_GRAPH_BYTES = 64 * 1024 * 1024;
/** Real ones have some entries for each cell or word. */
const MAX_ENTRIES = 1_000_000;
/** How many registers and wrappers may lie around a value. */
const MAX_WRAPPERS = 8;

/** An object of a type, and what its fields refer to. */
export interface GraphObject {
  readonly type: string;
  readonly fields: ReadonlyMap<string, ProtobufMessage>;
}

export interface ObjectGraph {
  readonly entries: readonly ProtobufMessage[];
  readonly types: readonly string[];
  readonly keys: readonly string[];
  readonly uuids: ReadonlyMap<string, number>;
  /** What entries come down to, once it was looked for: everything refers to everything, and some to one thing often. */
  readonly scalars: Map<number, string | number | undefined>;
}

/** @throws {FormatError} when it is no such graph, or one too large to be true. */
export function decodeObjectGraph(bytes: Uint8Array): ObjectGraph {
  const root = decodeProtobuf(unpacked(bytes, MAX_GRAPH_BYTES));
  const data = root.message(2)?.message(3) ?? root;
  const entries: ProtobufMessage[] = [];
  for (const entry of data.messages(3)) {
    if (entries.length === MAX_ENTRIES) throw new FormatError('an object of a note has too many parts');
    entries.push(entry);
  }
  const uuids = new Map<string, number>();
  let index = 0;
  for (const uuid of data.allBytes(6)) {
    const name = uuid.toString('hex');
    if (!uuids.has(name)) uuids.set(name, index);
    index++;
  }
  return { entries, types: texts(data, 5), keys: texts(data, 4), uuids, scalars: new Map() };
}

const texts = (message: ProtobufMessage, field: number): string[] => [...message.allBytes(field)].map(String);

/** The entry as an object, when it is one. */
export function objectOf(graph: ObjectGraph, entry: ProtobufMessage | undefined): GraphObject | undefined {
  const object = entry?.message(13);
  if (object === undefined) return undefined;
  const fields = new Map<string, ProtobufMessage>();
  for (const field of object.messages(3)) {
    const key = graph.keys[field.unsigned(1) ?? 0];
    const value = field.message(2);
    if (key !== undefined && value !== undefined) fields.set(key, value);
  }
  return { type: graph.types[object.unsigned(1) ?? 0] ?? '', fields };
}

/** The entry that a value refers to. */
export function entryOf(graph: ObjectGraph, value: ProtobufMessage | undefined): ProtobufMessage | undefined {
  const index = value?.unsigned(6);
  return index === undefined ? undefined : graph.entries[index];
}

/** The text or number at the end of a value, through registers and the objects that wrap strings and numbers. */
export function scalarOf(
  graph: ObjectGraph,
  value: ProtobufMessage | undefined,
  depth = 0,
): string | number | undefined {
  const own = value?.text(4) ?? value?.double(3) ?? value?.unsigned(2);
  const index = value?.unsigned(6);
  if (own !== undefined || index === undefined || depth > MAX_WRAPPERS) return own;
  if (graph.scalars.has(index)) return graph.scalars.get(index);
  // Whoever comes back here in a circle finds nothing.
  graph.scalars.set(index, undefined);
  const entry = graph.entries[index];
  const inside = (): ProtobufMessage | undefined =>
    entry?.message(1)?.message(2) ?? soleFieldOf(objectOf(graph, entry));
  const found = entry?.message(10)?.text(2) ?? scalarOf(graph, inside(), depth + 1);
  graph.scalars.set(index, found);
  return found;
}

/** What a wrapper wraps: its fields are called `self`, `UUIDIndex`, `doubleValue` and the like. */
function soleFieldOf(object: GraphObject | undefined): ProtobufMessage | undefined {
  if (object === undefined) return undefined;
  const { fields } = object;
  return fields.get('self') ?? fields.get('doubleValue') ?? fields.get('integerValue') ?? fields.values().next().value;
}

/** What tells an entry from all others: the number of its UUID, or its text. */
export function identityOf(graph: ObjectGraph, value: ProtobufMessage | undefined): string | undefined {
  const scalar = scalarOf(graph, value);
  return scalar === undefined ? undefined : identity(scalar);
}

const identity = (scalar: string | number): string => (typeof scalar === 'number' ? `#${scalar}` : scalar);

/** The pairs of a dictionary (its message, not the entry around it). */
export function* pairsOf(
  dictionary: ProtobufMessage | undefined,
): Generator<{ key: ProtobufMessage | undefined; value: ProtobufMessage | undefined }, undefined> {
  for (const pair of dictionary?.messages(1) ?? []) yield { key: pair.message(1), value: pair.message(2) };
}

export interface SetMember {
  /** What the place in the order is called, and what the member is called, which differ after it was moved. */
  readonly names: readonly string[];
}

/**
 * The members of an ordered set, in order, without those that were removed:
 *
 *   ordering (1) → array (1) → places (2): index (1), UUID (2); contents (2): dictionary from place to member
 *   elements (2): dictionary of what is in the set
 */
export function membersOf(graph: ObjectGraph, entry: ProtobufMessage | undefined): SetMember[] {
  const set = entry?.message(16);
  const ordering = set?.message(1);
  const contents = new Map<string, string>();
  for (const { key, value } of pairsOf(ordering?.message(2))) {
    const [place, member] = [identityOf(graph, key), identityOf(graph, value)];
    if (place !== undefined && member !== undefined) contents.set(place, member);
  }
  const present = new Set<string>();
  for (const { key, value } of pairsOf(set?.message(2))) {
    for (const each of [key, value]) {
      const name = identityOf(graph, each);
      if (name !== undefined) present.add(name);
    }
  }
  const members = placesOf(graph, ordering?.message(1)).map((place) => ({
    names: [...new Set([place, contents.get(place) ?? place])],
  }));
  const kept = members.filter(({ names }) => names.some((name) => present.has(name)));
  return withoutRepeats(kept.length === 0 ? members : kept);
}

function placesOf(graph: ObjectGraph, array: ProtobufMessage | undefined): string[] {
  const places: { index: number; place: string }[] = [];
  for (const place of array?.messages(2) ?? []) {
    const number = graph.uuids.get(place.bytes(2)?.toString('hex') ?? '');
    if (number !== undefined) places.push({ index: place.unsigned(1) ?? 0, place: identity(number) });
  }
  return places.toSorted((a, b) => a.index - b.index).map(({ place }) => place);
}

function withoutRepeats(members: readonly SetMember[]): SetMember[] {
  const seen = new Set<string>();
  return members.filter(({ names }) => {
    if (names.some((name) => seen.has(name))) return false;
    for (const name of names) seen.add(name);
    return true;
  });
}
