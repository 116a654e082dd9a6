/** The kinds of content, by the names people type. */
export type ContentKind =
  | 'accounts'
  | 'alarms'
  | 'apps'
  | 'blocked'
  | 'calendar'
  | 'calls'
  | 'contacts'
  | 'data-usage'
  | 'fragments'
  | 'health'
  | 'home-screen'
  | 'interactions'
  | 'keychain'
  | 'messages'
  | 'notes'
  | 'photos'
  | 'reminders'
  | 'safari'
  | 'voice-memos'
  | 'voicemail'
  | 'whatsapp'
  | 'wifi';

/** One thing that is found by searching and followed from version to version: a message, a note, a contact. */
export interface ContentItem {
  readonly kind: ContentKind;
  /** The same for the same thing in every backup of a device: the id that Apple gave it, never a row number. */
  readonly key: string;
  /** When it happened, or was last changed. */
  readonly at: Date | undefined;
  /** One line: whom it is from, what it is called. */
  readonly title: string;
  /** What is searched, as plain text. */
  readonly text: string;
}
