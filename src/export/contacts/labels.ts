import type { Labelled } from '../../content/index.ts';

/** Apple's labels for what nobody needs spelled out, as people read them. */
const READABLE: Readonly<Record<string, string>> = {
  HomePage: 'home page',
  HomeFAX: 'home fax',
  WorkFAX: 'work fax',
  OtherFAX: 'other fax',
  iPhone: 'iPhone',
};

/** A label as people read it: "home", "Ferienhaus"; empty when there is none. */
export function labelText({ label, isBuiltIn }: Labelled): string {
  if (label === null) return '';
  return isBuiltIn ? (READABLE[label] ?? label.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()) : label;
}

/** A label as Apple's address books write it, so that they know their own again. */
export const labelAsStored = ({ label, isBuiltIn }: Labelled): string =>
  label === null ? '' : isBuiltIn ? `_$!<${label}>!$_` : label;

/** Types that every address book knows, in the words of both versions of vCard. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  Home: ['home'],
  Work: ['work'],
  School: ['home'],
  Mobile: ['cell'],
  iPhone: ['cell'],
  Pager: ['pager'],
  HomeFAX: ['home', 'fax'],
  WorkFAX: ['work', 'fax'],
  OtherFAX: ['fax'],
};

/** Labels that a type says all of: no label of its own is needed beside it. */
const SAID_BY_TYPE = new Set(['Home', 'Work', 'Mobile', 'Pager', 'HomeFAX', 'WorkFAX']);

export interface VcardLabel {
  readonly types: readonly string[];
  /** Written beside the value, in the same group of properties. */
  readonly label: string | undefined;
}

/** How a vCard says what a value is called. */
export function vcardLabel(labelled: Labelled): VcardLabel {
  const { label, isBuiltIn } = labelled;
  if (label === null || label === '') return { types: [], label: undefined };
  if (!isBuiltIn) return { types: [], label };
  return { types: TYPES[label] ?? [], label: SAID_BY_TYPE.has(label) ? undefined : labelAsStored(labelled) };
}

/** What RFC 6350 calls the relations that Apple's labels name. */
const RELATIONS: Readonly<Record<string, string>> = {
  Mother: 'parent',
  Father: 'parent',
  Parent: 'parent',
  Brother: 'sibling',
  Sister: 'sibling',
  Sibling: 'sibling',
  Child: 'child',
  Son: 'child',
  Daughter: 'child',
  Spouse: 'spouse',
  Partner: 'spouse',
  Wife: 'spouse',
  Husband: 'spouse',
  Friend: 'friend',
  Assistant: 'agent',
  Manager: 'colleague',
};

export const relationType = ({ label, isBuiltIn }: Labelled): string | undefined =>
  isBuiltIn && label !== null ? RELATIONS[label] : undefined;
