import type { Recorded } from '../source/row-values.ts';

/** What an address book holds, as it is recorded. */

/** One card of the address book, as one account stores it. */
export interface ContactCard {
  /** The row; pictures are filed under it. Means nothing in another backup. */
  readonly row: number;
  /** The same in every backup of a device. */
  readonly key: string;
  readonly kind: 'person' | 'organisation';
  /** One line to call it by; never empty. */
  readonly name: string;
  readonly prefix: Recorded<string>;
  readonly first: Recorded<string>;
  readonly middle: Recorded<string>;
  readonly last: Recorded<string>;
  readonly suffix: Recorded<string>;
  readonly nickname: Recorded<string>;
  readonly previousLast: Recorded<string>;
  readonly firstPhonetic: Recorded<string>;
  readonly middlePhonetic: Recorded<string>;
  readonly lastPhonetic: Recorded<string>;
  readonly organization: Recorded<string>;
  readonly organizationPhonetic: Recorded<string>;
  readonly department: Recorded<string>;
  readonly jobTitle: Recorded<string>;
  readonly note: Recorded<string>;
  readonly birthday: Recorded<PartialDate>;
  /** A birthday in another calendar, as iOS writes it: not interpreted. */
  readonly alternateBirthday: Recorded<string>;
  /** What another program wrote down as the whole name; mostly empty. */
  readonly displayName: Recorded<string>;
  readonly phones: readonly LabelledValue[];
  readonly emails: readonly LabelledValue[];
  readonly addresses: readonly PostalAddress[];
  readonly urls: readonly LabelledValue[];
  readonly related: readonly LabelledValue[];
  readonly dates: readonly LabelledDate[];
  readonly instantMessages: readonly OnlineAccount[];
  readonly socialProfiles: readonly OnlineAccount[];
  /** Values of properties whose number has no known meaning. */
  readonly others: readonly OtherValue[];
  readonly groups: readonly string[];
  /** The account's own name for its store: iCloud's is "Card". */
  readonly store: Recorded<string>;
  /** The account in the list of accounts, by its identifier. */
  readonly account: Recorded<string>;
  readonly createdAt: Recorded<Date>;
  readonly modifiedAt: Recorded<Date>;
  /** Cards with the same number are one person; null: it stands alone. */
  readonly link: Recorded<number>;
  /** The card of the phone's owner. */
  readonly isMe: boolean;
}

/** A value and what it is called. `label` is Apple's own word ("Home", "HomePage") or the owner's; null: none. */
export interface Labelled {
  readonly label: string | null;
  /** One of Apple's labels, which phones show translated. */
  readonly isBuiltIn: boolean;
  /** The label is not in the table of labels. */
  readonly problem?: 'unknown-label';
}

export interface LabelledValue extends Labelled {
  readonly value: string;
}

export interface LabelledDate extends Labelled {
  readonly date: PartialDate;
}

export interface PostalAddress extends Labelled {
  readonly street?: string;
  readonly subLocality?: string;
  readonly city?: string;
  readonly subAdministrativeArea?: string;
  readonly state?: string;
  readonly zip?: string;
  readonly country?: string;
  /** ISO 3166, small letters. */
  readonly countryCode?: string;
}

export interface OnlineAccount extends Labelled {
  /** "Skype", "mastodon" */
  readonly service?: string;
  readonly username?: string;
  readonly url?: string;
  readonly displayName?: string;
  readonly userId?: string;
}

export interface OtherValue extends Labelled {
  readonly property: number;
  readonly value: string | null;
  readonly parts?: Readonly<Record<string, string>>;
}

/** A day; the year may be unknown. */
export interface PartialDate {
  readonly year?: number;
  /** 1 to 12 */
  readonly month: number;
  readonly day: number;
}

/** A person as the phone shows one: a card, or several linked ones together. */
export interface Contact extends ContactCard {
  /** The rows of all its cards, the one whose name is shown first. */
  readonly rows: readonly number[];
  /** Whose picture is shown when several have one. */
  readonly preferredImageRow: number | undefined;
}
