import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { appendTo } from '../../shared/append-to.ts';
import type { Disk } from '../durability.ts';
import { giveBack } from '../zstd-frame.ts';
import {
  compressText,
  MAX_WHOLE_TEXT_BYTES,
  packText,
  TARGET_TEXT_BYTES,
  type ListBlock,
  type ListFrame,
  type TextRange,
} from './list-frames.ts';
import { encodeIndex, MAX_PIECE_BYTES, MAX_TEXT_BYTES } from './list-index.ts';
import type { ListSource } from './list-source.ts';

/** A list that takes more than this share of its base stays whole: it is the better base for those that come after it. */
const WORTH_PACKING = 1 / 8;
/** Groups looked at first, over all of the list, so that one that is not worth it costs little. */
const SAMPLED_GROUPS = 8;
const SCATTER = 1.25;
/** What the text of a list takes when it is compressed by itself, about. */
const USUAL_COMPRESSION = 0.55;

/** Frames that are compressed together, and the piece of the base's text that is most likely to be like them. */
interface Group {
  readonly frames: ListFrame[];
  textBytes: number;
  like: TextRange | undefined;
}

/**
 * Writes a list anew so that it holds little more than what `base` does not: groups of frames that did not change not at
 * all, the others compressed with what the base has in the same place.
 *
 * @param file descriptor of the empty file at `path`.
 * @returns whether it was worth it; without, what was written is of no use.
 * @throws {AppError} SNAPSHOT_CORRUPT, OUT_OF_SPACE, STORAGE_FAILED
 */
export async function packList(
  list: ListSource,
  base: ListSource,
  { disk, file, path }: { readonly disk: Disk; readonly file: number; readonly path: string },
): Promise<boolean> {
  if (base.textBytes > MAX_WHOLE_TEXT_BYTES) return false;
  const mostBytes = base.storedBytes * WORTH_PACKING;
  const groups = groupFrames(list.frames, pairFrames(list, base));
  if (!looksWorthIt(list, base, groups)) return false;
  const blocks: ListBlock[] = [];
  const sum = createHash('sha256').update(list.sha256);
  let offset = 0;
  let textOffset = 0;
  for (const group of groups) {
    const bytes = packGroup(list, base, group);
    if (offset + bytes.length > mostBytes) return false;
    disk.write(file, bytes, offset, path);
    sum.update(bytes);
    const { frames, textBytes, like } = group;
    blocks.push({ offset, bytes: bytes.length, textOffset, textBytes, like, frames });
    offset += bytes.length;
    textOffset += textBytes;
    await setImmediate();
  }
  const index = encodeIndex({ base: base.sha256, blocks }, sum);
  if (offset + index.length > mostBytes) return false;
  disk.write(file, index, offset, path);
  return true;
}

/** For every frame of `list` the frame of the base in the same place of the same directory, as a piece of its text. */
function pairFrames(list: ListSource, base: ListSource): Map<ListFrame, TextRange> {
  const inBase = new Map<string, TextRange[]>();
  for (const { directory, textOffset, textBytes } of base.frames) {
    appendTo(inBase, directory, { offset: textOffset, bytes: textBytes });
  }
  const pairs = new Map<ListFrame, TextRange>();
  const seen = new Map<string, number>();
  for (const frame of list.frames) {
    const part = seen.get(frame.directory) ?? 0;
    seen.set(frame.directory, part + 1);
    const ranges = inBase.get(frame.directory);
    const range = ranges?.[part] ?? ranges?.at(-1);
    if (range !== undefined) pairs.set(frame, range);
  }
  return pairs;
}

/**
 * Puts frames together whose counterparts lie in the same stretch of the base, so that the groups of one list are those
 * of the next, too.
 */
function groupFrames(frames: readonly ListFrame[], pairs: ReadonlyMap<ListFrame, TextRange>): Group[] {
  const groups: Group[] = [];
  for (const frame of frames) {
    const pair = pairs.get(frame);
    const group = groups.at(-1);
    const joint = group && jointPiece(group, frame, pair);
    if (group === undefined || joint === undefined) {
      groups.push({ frames: [frame], textBytes: frame.textBytes, like: pair });
      continue;
    }
    group.frames.push(frame);
    group.textBytes += frame.textBytes;
    group.like = joint;
  }
  return groups;
}

/** The piece of the base for the group with one frame more; undefined where that frame begins a group of its own. */
function jointPiece({ like, textBytes }: Group, frame: ListFrame, pair: TextRange | undefined): TextRange | undefined {
  if (like === undefined || pair === undefined || pair.offset < like.offset) return undefined;
  if (stretchOf(pair) !== stretchOf(like)) return undefined;
  const bytes = Math.max(like.bytes, pair.offset + pair.bytes - like.offset);
  const isTooLong = bytes > MAX_PIECE_BYTES || textBytes + frame.textBytes > MAX_TEXT_BYTES;
  return isTooLong ? undefined : { offset: like.offset, bytes };
}

const stretchOf = ({ offset }: TextRange): number => Math.floor(offset / TARGET_TEXT_BYTES);

function looksWorthIt(list: ListSource, base: ListSource, groups: readonly Group[]): boolean {
  const step = Math.ceil(groups.length / SAMPLED_GROUPS);
  let [packedBytes, textBytes] = [0, 0];
  for (let number = 0; number < groups.length; number += step) {
    const group = groups[number];
    if (group === undefined) break;
    packedBytes += packGroup(list, base, group).length;
    textBytes += group.textBytes;
  }
  // A little more than it may be in the end: a sample scatters.
  return packedBytes <= SCATTER * WORTH_PACKING * USUAL_COMPRESSION * textBytes;
}

function packGroup(list: ListSource, base: ListSource, { frames, like }: Group): Buffer {
  const text = textOfAll(list, frames);
  if (like === undefined) return compressText(text);
  const dictionary = base.textIn(like);
  const packed = text.equals(dictionary) ? Buffer.alloc(0) : packText(text, dictionary);
  // A base stands by itself: what it hands out is nobody else's.
  giveBack(dictionary);
  giveBack(text);
  return packed;
}

/** In memory that is nobody else's. */
function textOfAll(list: ListSource, frames: readonly ListFrame[]): Buffer {
  const texts = frames.map((frame) => list.text(frame));
  const [first] = texts;
  const isOwn = list.base === undefined;
  if (isOwn && first !== undefined && texts.length === 1) return first;
  const all = Buffer.concat(texts);
  if (isOwn) for (const text of texts) giveBack(text);
  return all;
}
