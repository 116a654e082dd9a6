type Json = null | boolean | number | string | Json[] | { readonly [key: string]: Json | undefined };

/**
 * What turns one value into another, as RFC 7396 has it: only what differs, `null` for what is gone. Lists are replaced
 * whole.
 *
 * @returns undefined where nothing differs.
 */
export function mergePatch(before: unknown, after: unknown): unknown {
  return difference(before as Json | undefined, after as Json | undefined); // Both come from JSON.
}

function difference(before: Json | undefined, after: Json | undefined): Json | undefined {
  if (after === undefined) return before === undefined ? undefined : null;
  if (!isObject(before) || !isObject(after))
    return JSON.stringify(before) === JSON.stringify(after) ? undefined : after;
  const changed: Record<string, Json> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const part = difference(before[key], after[key]);
    if (part !== undefined) changed[key] = part;
  }
  return Object.keys(changed).length === 0 ? undefined : changed;
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
