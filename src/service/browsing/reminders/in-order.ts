import type { Reminder } from '../../../content/index.ts';

/** A reminder where it stands in what is shown. */
export interface Placed {
  readonly reminder: Reminder;
  /** How many others it lies within. */
  readonly depth: number;
}

/** Phones let reminders lie within others once; a backup may say anything. */
const DEEPEST = 8;

/**
 * The reminders of one list as they are shown: what is open first, section by section, then what is done; parts behind
 * what they are parts of. Each stands there once, whatever they say of each other.
 */
export function inOrder(reminders: readonly Reminder[]): Placed[] {
  const keys = new Set(reminders.map(({ key }) => key));
  const partsOf = Map.groupBy(reminders, ({ key, parent }) =>
    parent && parent !== key && keys.has(parent) ? parent : undefined,
  );
  const placed: Placed[] = [];
  const seen = new Set<Reminder>();
  const place = (reminder: Reminder, depth: number): void => {
    if (seen.has(reminder)) return;
    seen.add(reminder);
    placed.push({ reminder, depth });
    if (depth === DEEPEST) return;
    for (const part of openFirst(partsOf.get(reminder.key) ?? [])) place(part, depth + 1);
  };
  const top = openFirst(partsOf.get(undefined) ?? []);
  const bySection = Map.groupBy(top, ({ isCompleted, section }) => (isCompleted === true ? null : (section ?? '')));
  const sections = [...bySection.keys()].toSorted((a, b) => rankOf(a) - rankOf(b));
  for (const section of sections) for (const each of bySection.get(section) ?? []) place(each, 0);
  // Two that each say they are a part of the other, and what lies too deep.
  for (const each of reminders) place(each, 0);
  return placed;
}

/** Without a section, then the sections as they come, what is done last. */
const rankOf = (section: string | null): number => (section === '' ? 0 : section === null ? 2 : 1);

const openFirst = (reminders: readonly Reminder[]): Reminder[] =>
  reminders.toSorted((a, b) => Number(a.isCompleted === true) - Number(b.isCompleted === true));
