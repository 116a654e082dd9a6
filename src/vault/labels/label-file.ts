import { is, isCount, isText, isTime, parseObject, type Check } from '../../shared/json-shape.ts';

/** What may change about a snapshot. */
export interface SnapshotLabels {
  /** Kept until it is unpinned, whatever the rule says. */
  readonly pinned?: true;
  /** What a person calls it: "before the repair". */
  readonly name?: string;
  readonly note?: string;
  /** Kept until then, whatever the rule says. */
  readonly holdUntil?: Date;
  /** When `verify --deep` last came to its end. */
  readonly deepVerifiedAt?: Date;
  /** How many things it found wrong. */
  readonly deepVerifyProblems?: number;
  /** There is something that cannot be read. It may have been a pin, so the snapshot is kept as if it were one. */
  readonly damaged?: true;
}

/** What to change: a value sets, `undefined` removes, what is not there stays. */
export interface LabelPatch {
  readonly pinned?: boolean | undefined;
  readonly name?: string | undefined;
  readonly note?: string | undefined;
  readonly holdUntil?: Date | undefined;
  readonly deepVerifiedAt?: Date | undefined;
  readonly deepVerifyProblems?: number | undefined;
}

/** Each by itself, so that one that is damaged does not take the others with it. */
const FIELDS = {
  pinned: is(true),
  name: isText,
  note: isText,
  holdUntil: isTime,
  deepVerifiedAt: isTime,
  deepVerifyProblems: isCount,
} satisfies Record<keyof LabelPatch, Check>;

/** Reads the labels in a file's text. What cannot be read is left out and said by `damaged`. */
export function decodeLabels(text: string): SnapshotLabels {
  const content = parseObject(text);
  if (content === undefined) return { damaged: true };
  const labels: Record<string, unknown> = {};
  for (const [field, fits] of Object.entries(FIELDS)) {
    if (!Object.hasOwn(content, field)) continue;
    const value = content[field];
    if (fits(value)) labels[field] = fits === isTime ? new Date(String(value)) : value;
    // Some program may write what we leave out.
    else if (field !== 'pinned' || value !== false) labels['damaged'] = true;
  }
  return labels;
}

/**
 * The text of a file with `patch` applied. Fields that this version does not know stay as they are. Where something
 * cannot be read that may have said that the snapshot is pinned, it is pinned from now on, unless `patch` decides that.
 *
 * @param text of the file as it was; undefined when there was none.
 * @returns undefined when nothing is left to keep.
 */
export function patchLabels(text: string | undefined, patch: LabelPatch): string | undefined {
  const content: Record<string, unknown> = { ...(text === undefined ? {} : parseObject(text)) };
  if (text !== undefined && decodeLabels(text).damaged) content['pinned'] = true;
  for (const [field, fits] of Object.entries(FIELDS)) if (!fits(content[field])) delete content[field];
  for (const [field, value] of Object.entries(patch)) {
    if (value === undefined || value === false) delete content[field];
    else content[field] = value;
  }
  return Object.keys(content).length === 0 ? undefined : `${JSON.stringify(content, undefined, 2)}\n`;
}
