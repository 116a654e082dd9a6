/**
 * The pieces a file list is made of: its text is cut into frames, and frames are compressed in blocks. In a list that
 * stands by itself each block is one frame; in a packed one it is several, compressed with a piece of another list's
 * text as the dictionary. Where they are cut is not part of what the list is.
 */
import { compressFrame } from '../zstd-frame.ts';

/** A frame is closed when its text reaches this: about 2,300 files of a phone. */
export const TARGET_TEXT_BYTES = 256 * 1024;

/** Of a list that is put together in memory: 17 million files. A few bytes can say to be any text. */
export const MAX_WHOLE_TEXT_BYTES = 2 * 1024 * 1024 * 1024;

/** Level 1 beats the others here: half of the text is hash digits, which only entropy coding shortens. */
const LEVEL = 1;
/** With a dictionary the low levels find only a part of what is alike: 1,485 bytes a changed line, 44 at level 6. */
const PACKING_LEVEL = 6;

/** Lines of one directory that lie together, and what the index says about them. */
export interface ListFrame {
  readonly directory: string;
  /** Sort key of the first line. */
  readonly firstKey: string;
  /** Where its text begins in the text of the list. */
  readonly textOffset: number;
  readonly textBytes: number;
  readonly lines: number;
  readonly files: number;
  /** Sum of the sizes of the frame's files. */
  readonly fileBytes: number;
}

/** A piece of a list's text. */
export interface TextRange {
  readonly offset: number;
  readonly bytes: number;
}

/** Frames that are compressed together. */
export interface ListBlock {
  /** Where its bytes begin in the file. */
  readonly offset: number;
  readonly bytes: number;
  readonly textOffset: number;
  readonly textBytes: number;
  /** The piece of the base's text that is the dictionary, or with no bytes of the block's own the text itself. */
  readonly like: TextRange | undefined;
  readonly frames: readonly ListFrame[];
}

export function compressText(text: Uint8Array): Buffer {
  return compressFrame(text, LEVEL);
}

/** Compresses a text to little more than what of it is not in `dictionary`. */
export function packText(text: Uint8Array, dictionary: Uint8Array): Buffer {
  return compressFrame(text, PACKING_LEVEL, dictionary);
}
