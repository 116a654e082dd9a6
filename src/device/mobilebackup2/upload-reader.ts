/**
 * The frames by which a device sends a batch of files:
 *
 *   per file:  device path · our path · pieces (code 0x0C, then bytes)… · end (another code, then text)
 *   then:      an empty frame in the place of the next device path
 *
 * The code of the end is the negated DeviceLink status: 0 for a whole file. Any other ends that file alone.
 *
 * A device that decides to stop in the middle says so by a message where a name or a code is due. It cannot be taken for
 * either: no path of a device and no code looks like the beginning of a property list.
 */
import { ProtocolError } from '../../shared/errors.ts';
import type { FrameReader } from '../devicelink/frame.ts';

export type UploadAction =
  | { readonly kind: 'file-start'; readonly path: string }
  /** `bytes` is a view into what was received. */
  | { readonly kind: 'file-data'; readonly bytes: Buffer }
  /** `status` is 0 or the negative DeviceLink status with which the device gave up on the file. */
  | { readonly kind: 'file-end'; readonly status: number; readonly text: string }
  | { readonly kind: 'upload-end' }
  /** The body of a frame that is none of these: a message in the middle of the batch. */
  | { readonly kind: 'message'; readonly body: Buffer };

const CODE_DATA = 0x0c;
/** Longer than any path of iOS (1,024 bytes). */
export const MAX_PATH_BYTES = 4096;
/** Of an error text, and of a message in the place of a name. */
const MAX_TEXT_BYTES = 64 * 1024;

export class UploadReader {
  readonly #frames: FrameReader;
  #expects: 'device-path' | 'path' | 'code' | 'data' | 'text' = 'device-path';
  #code = 0;

  constructor(frames: FrameReader) {
    this.#frames = frames;
  }

  /**
   * The next thing that happens to a file, or undefined until more bytes have arrived.
   *
   * @throws {ProtocolError} on names of an impossible length, and on an empty frame where none can be.
   */
  next(): UploadAction | undefined {
    switch (this.#expects) {
      case 'device-path':
        return this.#readDevicePath();
      case 'path':
        return this.#readPath();
      case 'code':
        return this.#readCode();
      case 'data':
        return this.#readData();
      case 'text':
      default:
        return this.#readText();
    }
  }

  #readDevicePath(): UploadAction | undefined {
    const name = this.#frames.readWhole(MAX_TEXT_BYTES, 'a file name');
    if (name === undefined) return undefined;
    if (isMessage(name)) return { kind: 'message', body: name };
    if (name.length === 0) return { kind: 'upload-end' };
    // Where the file lies on the device is of no use here.
    checkLength(name);
    this.#expects = 'path';
    return this.#readPath();
  }

  #readPath(): UploadAction | undefined {
    const name = this.#frames.readWhole(MAX_TEXT_BYTES, 'a file name');
    if (name === undefined) return undefined;
    if (isMessage(name)) return { kind: 'message', body: name };
    checkLength(name);
    if (name.length === 0) throw new ProtocolError('the device sent a file without a name');
    const path = name.toString();
    // What is no UTF-8 comes out as replacement characters, which no name of a backup has.
    if (path.includes('\uFFFD')) throw new ProtocolError('the device sent a file whose name is no text');
    this.#expects = 'code';
    return { kind: 'file-start', path };
  }

  #readCode(): UploadAction | undefined {
    for (;;) {
      const length = this.#frames.readLength();
      if (length === undefined) return undefined;
      if (length === 0) throw new ProtocolError('the device ended a batch of files in the middle of a file');
      const code = this.#frames.readByte();
      if (code === undefined) return undefined;
      if (code !== CODE_DATA) {
        this.#code = code;
        this.#expects = 'text';
        return this.#readText();
      }
      if (this.#frames.isInFrame) {
        this.#expects = 'data';
        return this.#readData();
      }
    }
  }

  #readData(): UploadAction | undefined {
    const bytes = this.#frames.readPiece();
    if (bytes === undefined) return undefined;
    if (!this.#frames.isInFrame) this.#expects = 'code';
    return { kind: 'file-data', bytes };
  }

  #readText(): UploadAction | undefined {
    const text = this.#frames.isInFrame ? this.#frames.readWhole(MAX_TEXT_BYTES, 'an error text') : NO_TEXT;
    if (text === undefined) return undefined;
    if (FIRST_BYTES.includes(this.#code)) {
      const frame = Buffer.concat([Buffer.of(this.#code), text]);
      if (isMessage(frame)) {
        this.#expects = 'code';
        return { kind: 'message', body: frame };
      }
    }
    this.#expects = 'device-path';
    return {
      kind: 'file-end',
      status: this.#code === 0 ? 0 : -this.#code,
      text: text.length === 0 ? '' : text.toString(),
    };
  }
}

/** How property lists begin, binary and XML. */
const BEGINNINGS = ['bplist00', '<?xml', '<!DOCTYPE', '<plist'];
/** Of one of them: asked first, because each of tens of thousands of files has three frames that are none. */
const FIRST_BYTES = [...new Set(BEGINNINGS.map((beginning) => beginning.charCodeAt(0)))];
const NO_TEXT = Buffer.alloc(0);

function isMessage(frame: Buffer): boolean {
  const first = frame[0] ?? 0;
  if (!FIRST_BYTES.includes(first)) return false;
  return BEGINNINGS.some((beginning) => frame.toString('latin1', 0, beginning.length) === beginning);
}

/** @throws {ProtocolError} when a name is longer than any. */
function checkLength(name: Buffer): void {
  if (name.length <= MAX_PATH_BYTES) return;
  throw new ProtocolError('the device announced a file name of an impossible length', {
    details: { lengthBytes: name.length, limitBytes: MAX_PATH_BYTES },
  });
}
