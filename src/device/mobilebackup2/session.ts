/**
 * The conversation with a device's backup agent, without the input and output: bytes are pushed in, and what is to be
 * done comes out, one action after another. After the request the device leads: it asks for file operations in
 * whatever order it likes, and each is answered before the next.
 */
import { stringAt } from '../../formats/index.ts';
import { ProtocolError } from '../../shared/errors.ts';
import { FrameReader, MAX_MESSAGE_BYTES } from '../devicelink/frame.ts';
import { DL_MESSAGE, type DeviceLinkMessage, decodeMessage } from '../devicelink/messages.ts';
import {
  agreedVersion,
  answerReady,
  answerVersion,
  checkHello,
  checkResponse,
  endedByDevice,
  processMessage,
  responseIn,
  VERSION_ASKING_FOR_SPACE,
} from './handshake.ts';
import { type DeviceOperation, parseOperation } from './operations.ts';
import { encodeRequest, type MobileBackupRequest, type MobileBackupResponse } from './requests.ts';
import { type UploadAction, UploadReader } from './upload-reader.ts';

export type SessionAction =
  /** Write these bytes. `requested` marks those that carry the request: from now on the device leads. */
  | { readonly kind: 'send'; readonly bytes: Buffer; readonly requested?: boolean }
  /** Do this and write the answer. After an `upload` the files follow as actions, and `upload-end` is answered. */
  | { readonly kind: 'operation'; readonly operation: DeviceOperation }
  | Exclude<UploadAction, { kind: 'message' }>
  /** Something that needs no answer and changes nothing. */
  | { readonly kind: 'remark'; readonly text: string }
  /** The request is fulfilled; nothing follows. */
  | { readonly kind: 'response'; readonly response: MobileBackupResponse };

export class MobileBackupSession {
  readonly #request: MobileBackupRequest;
  readonly #frames = new FrameReader();
  readonly #upload = new UploadReader(this.#frames);
  #state: 'version' | 'ready' | 'hello' | 'working' | 'receiving' | 'over' = 'version';

  #version = 0;

  constructor(request: MobileBackupRequest) {
    this.#request = request;
  }

  /** Whether the device makes sure by itself that what it sends has room. Old ones send until the disk is full. */
  get asksForSpace(): boolean {
    return this.#version >= VERSION_ASKING_FOR_SPACE;
  }

  /** Hands over bytes as they arrive. They are kept as they are until used: do not write into them. */
  push(chunk: Uint8Array): void {
    this.#frames.push(chunk);
  }

  /**
   * What is to be done next, or undefined until more bytes have arrived.
   *
   * @throws {ProtocolError} when the device breaks the protocol.
   * @throws {AppError} when it declines the request: PASSCODE_NOT_ENTERED, OUT_OF_SPACE, DEVICE_REFUSED, …
   */
  next(): SessionAction | undefined {
    if (this.#state === 'receiving') {
      const action = this.#upload.next();
      if (action?.kind === 'message') return this.#interrupt(decodeMessage(action.body));
      if (action?.kind === 'upload-end') this.#state = 'working';
      return action;
    }
    if (this.#state === 'over') return undefined;
    const body = this.#frames.readWhole(MAX_MESSAGE_BYTES, 'a message');
    return body === undefined ? undefined : this.#take(decodeMessage(body));
  }

  #take(message: DeviceLinkMessage): SessionAction | undefined {
    const aside = asideIn(message);
    if (aside !== undefined) return aside;
    switch (this.#state) {
      case 'version':
        this.#endIfDeclined(message);
        this.#version = agreedVersion(message);
        this.#state = 'ready';
        return { kind: 'send', bytes: answerVersion(this.#version) };
      case 'ready':
        this.#endIfDeclined(message);
        this.#state = 'hello';
        return { kind: 'send', bytes: answerReady(message) };
      case 'hello':
        checkHello(message, this.#request.kind);
        this.#state = 'working';
        return { kind: 'send', bytes: processMessage(encodeRequest(this.#request)), requested: true };
      case 'working':
      case 'receiving':
      case 'over':
      default:
        return this.#work(message);
    }
  }

  /** In the middle of a batch of files a device says that it goes on, or that it does not; it asks for nothing. */
  #interrupt(message: DeviceLinkMessage): SessionAction {
    const aside = asideIn(message);
    if (aside !== undefined) return aside;
    if (responseIn(message) !== undefined) return this.#work(message);
    throw new ProtocolError('the device asked for something in the middle of a batch of files', {
      details: { message: message[0].slice(0, 100) },
    });
  }

  /** A device may decline before it was asked anything. @throws {AppError} when it does */
  #endIfDeclined(message: DeviceLinkMessage): void {
    const response = responseIn(message);
    if (response !== undefined) checkResponse(response, this.#request.kind);
  }

  #work(message: DeviceLinkMessage): SessionAction {
    const response = responseIn(message);
    if (response !== undefined) {
      this.#state = 'over';
      const content = stringAt(response, 'Content');
      // What was asked for can stand for the code that says so.
      const asksForText = this.#request.kind === 'info' || this.#request.kind === 'list';
      const isAnswer = asksForText && content !== undefined && !Object.hasOwn(response, 'ErrorCode');
      if (!isAnswer) checkResponse(response, this.#request.kind);
      return { kind: 'response', response: content === undefined ? {} : { content } };
    }
    if (message[0] === DL_MESSAGE.processMessage) {
      throw new ProtocolError('the device answered the request with something else than a response');
    }
    const operation = parseOperation(message);
    if (operation.kind === 'upload') this.#state = 'receiving';
    return { kind: 'operation', operation };
  }
}

/** What may come at any time. @throws {AppError} when it is the end. */
function asideIn(message: DeviceLinkMessage): SessionAction | undefined {
  if (message[0] === DL_MESSAGE.disconnect) throw endedByDevice(message);
  return message[0] === DL_MESSAGE.ping ? { kind: 'remark', text: `ping: ${textOf(message[1])}` } : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 200) : '';
}
