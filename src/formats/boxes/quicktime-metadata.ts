import { boxesIn } from './boxes.ts';

const MAX_KEYS = 1000;

/**
 * QuickTime metadata, the content of a `meta` box: a list of keys and, by their place in it, the values. Some writers
 * put four bytes of version before the boxes, as ISO has them, others, as QuickTime, do not.
 *
 * @returns values by key ("com.apple.quicktime.model"); of a key with several, the first.
 */
export function quickTimeMetadata(meta: Buffer): Map<string, Buffer> {
  const start = ['hdlr', 'keys', 'ilst'].includes(meta.toString('latin1', 4, 8)) ? 0 : 4;
  const keys: string[] = [];
  const values = new Map<string, Buffer>();
  for (const box of boxesIn(meta, start)) {
    if (box.type === 'keys') keys.push(...keysIn(meta.subarray(box.start, box.end)));
    if (box.type !== 'ilst') continue;
    for (const item of boxesIn(meta, box.start, box.end)) {
      const key = keys[Buffer.from(item.type, 'latin1').readUInt32BE(0) - 1];
      const data = boxesIn(meta, item.start, item.end).find(({ type }) => type === 'data');
      // Before the value: what type it has, and for which language it is meant.
      if (key === undefined || data === undefined || data.end - data.start < 8 || values.has(key)) continue;
      values.set(key, meta.subarray(data.start + 8, data.end));
    }
  }
  return values;
}

/** After version and count: each key as a box whose type says which kind of key it is. */
function keysIn(content: Buffer): string[] {
  return [...boxesIn(content, 8).take(MAX_KEYS)].map(({ start, end }) => content.toString('utf8', start, end));
}
