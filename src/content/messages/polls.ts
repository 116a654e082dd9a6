import { decodeKeyedArchive, KeyedObject } from '../../formats/index.ts';
import { isAppError } from '../../shared/errors.ts';

/** A poll of iOS 26, or a vote in one: which of the two it is, is told by what it holds. */
export interface Poll {
  readonly question: string | undefined;
  readonly options: readonly PollOption[];
  /** Identifiers of options that the sender of this message voted for. */
  readonly votes: readonly string[];
}

interface PollOption {
  readonly id: string | undefined;
  readonly text: string;
}

/** `associated_message_type` of a vote; its target is the poll. */
export const POLL_VOTE = 4000;
export const isPollApp = (bundleId: string): boolean => bundleId.endsWith('com.apple.messages.Polls');

/** More than a message may hold. */
const MAX_JSON_CHARACTERS = 1024 * 1024;

/**
 * What a poll asks or a vote says. In the payload of its message stands an address, `data:,` with JSON in base64:
 * `{ "item": { "title", "orderedPollOptions": [{ "text", "optionIdentifier" }], "votes": [{ "voteOptionIdentifier" }] } }`.
 *
 * @returns undefined where there is none that can be read.
 */
export function readPoll(payload: Uint8Array | null | undefined): Poll | undefined {
  const item = itemOf(payload);
  if (item === undefined) return undefined;
  const options = listAt(item, 'orderedPollOptions').flatMap((option): PollOption[] => {
    const text = textAt(option, 'text') ?? textAt(option, 'attributedText');
    return text === undefined ? [] : [{ id: textAt(option, 'optionIdentifier'), text }];
  });
  const votes = listAt(item, 'votes').flatMap((vote) => textAt(vote, 'voteOptionIdentifier') ?? []);
  return { question: textAt(item, 'title'), options, votes };
}

function itemOf(payload: Uint8Array | null | undefined): unknown {
  if (!payload) return undefined;
  try {
    const root = decodeKeyedArchive(payload);
    const address = fieldAt(root instanceof KeyedObject ? root.fields : root, 'URL');
    const [, encoded] = typeof address === 'string' ? (/^data:[^,]*,([^?]*)/.exec(address) ?? []) : [];
    if (encoded === undefined || encoded.length > MAX_JSON_CHARACTERS) return undefined;
    return fieldAt(JSON.parse(Buffer.from(decodeURIComponent(encoded), 'base64').toString()), 'item');
  } catch (error) {
    const isNoPoll = isAppError(error, 'FORMAT_INVALID') || error instanceof SyntaxError || error instanceof URIError;
    if (!isNoPoll) throw error;
    return undefined;
  }
}

function fieldAt(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key]; // an object that has it
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const list = fieldAt(value, key);
  return Array.isArray(list) ? list : [];
}

function textAt(value: unknown, key: string): string | undefined {
  const text = fieldAt(value, key);
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}
