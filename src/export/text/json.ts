/** Data for other programs: one array, an element a line, so that it can be streamed both ways. */

const ELEMENTS_PER_CHUNK = 128;

/**
 * The text of a JSON array. Dates come as ISO 8601 in UTC, bytes as base64, bigints as numbers where they fit and as
 * text where they do not. A field that is `undefined` (not recorded by this iOS) is left out; `null` is kept.
 */
export async function* jsonArray(
  values: Iterable<unknown> | AsyncIterable<unknown>,
): AsyncGenerator<string, undefined> {
  let text = '[';
  let count = 0;
  for await (const value of values) {
    text += `${count === 0 ? '\n' : ',\n'}${JSON.stringify(value, plain)}`;
    if (++count % ELEMENTS_PER_CHUNK === 0) {
      yield text;
      text = '';
    }
  }
  yield `${text}\n]\n`;
}

/** One value, readable: for files that hold a single thing. */
export const jsonText = (value: unknown): string => `${JSON.stringify(value, plain, 2)}\n`;

function plain(this: unknown, _key: string, value: unknown): unknown {
  if (typeof value === 'bigint') {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);
  }
  // Buffers have turned themselves into { type: 'Buffer', data: […] } before they come here.
  if (isBufferJson(value)) return Buffer.from(value.data).toString('base64');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return value;
}

function isBufferJson(value: unknown): value is { data: number[] } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    value.type === 'Buffer' &&
    'data' in value &&
    Array.isArray(value.data)
  );
}
