import type { ManifestEntry } from '../../snapshot/index.ts';
import type { Recorded } from '../source/row-values.ts';

/** Somebody, by the number or address that a message came from or went to. */
export interface Correspondent {
  /** "+4915123456", "anna@example.org", or a short code. */
  readonly address: string;
  /** What the address book calls them. */
  readonly name: string | undefined;
  /** The same for all addresses of one person. */
  readonly person: string;
}

/** What a chat was taken for; "other" by a number that nobody knows. */
export type ChatFilter = 'unknown-sender' | 'junk' | 'promotion' | 'transaction' | 'other';

/** One chat as the database has it; the phone shows several of the same people as one conversation. */
export interface Chat {
  readonly rowId: number;
  /** "iMessage;-;+4915123456" */
  readonly guid: string;
  readonly identifier: string;
  readonly service: string;
  readonly isGroup: boolean;
  readonly participants: readonly Correspondent[];
  /** The name that a group was given. */
  readonly displayName: Recorded<string>;
  readonly isArchived: Recorded<boolean>;
  /** Which list the phone has it in; null for the ordinary one. */
  readonly filteredAs: Recorded<ChatFilter>;
  /** The number or address of the owner that was last used in it. */
  readonly ownAddress: Recorded<string>;
}

/** What the phone shows as one thread: all chats with the same people. */
export interface Conversation {
  /** The GUID of its first chat; `no-chat` for messages that belong to none. */
  readonly key: string;
  /** The name of the group, or of the people in it. */
  readonly title: string;
  readonly isGroup: boolean;
  readonly chats: readonly Chat[];
  /** Each person once, by the first of their addresses. */
  readonly participants: readonly Correspondent[];
  /** "iMessage", "SMS", "RCS": those of its chats. */
  readonly services: readonly string[];
  /** Rows, reactions included. */
  readonly messageCount: number;
  readonly firstAt: Date | undefined;
  readonly lastAt: Date | undefined;
}

/**
 * One row of `message`. Fields are `undefined` where this iOS does not record them and `null` where they are empty.
 */
export interface Message {
  readonly rowId: number;
  readonly guid: string;
  /** `reaction` rows are also listed with the message they react to. */
  readonly type: 'message' | 'reaction' | 'event';
  readonly sentAt: Date | null;
  readonly isFromMe: boolean;
  /** Who sent it; undefined for the owner's own, and where the row names nobody. */
  readonly sender: Correspondent | undefined;
  readonly service: Recorded<string>;
  readonly chatGuid: string | undefined;
  /** Its words as plain text; `null` when it has none. */
  readonly text: string | null;
  readonly subject: Recorded<string>;
  /** Words, files and gaps in the order they are shown. */
  readonly parts: readonly Part[];
  /** Files, those of apps and hidden ones included. */
  readonly attachments: readonly Attachment[];
  readonly app: App | undefined;
  readonly event: GroupEvent | undefined;
  /** What this row is, when it is a reaction. */
  readonly reaction: Reaction | undefined;
  /** Those of others to this message, in order. */
  readonly reactions: readonly Reaction[];
  readonly replyTo: Reply | undefined;
  /** Earlier wordings and the last one, oldest first; empty when it was never edited. */
  readonly edits: readonly Edit[];
  /** "Slam", "Confetti" … */
  readonly effect: Recorded<string>;
  readonly readAt: Recorded<Date>;
  readonly deliveredAt: Recorded<Date>;
  /** When an audio message was played. */
  readonly playedAt: Recorded<Date>;
  readonly editedAt: Recorded<Date>;
  /** When it, or a part of it, was taken back. */
  readonly unsentAt: Recorded<Date>;
  /** When the owner put it into Recently Deleted, where it stays for 30 days or so. */
  readonly deletedAt: Date | undefined;
  /** Parts in Recently Deleted of a message that is otherwise still there. */
  readonly deletedParts: readonly DeletedPart[];
  readonly isAudio: Recorded<boolean>;
  readonly isRead: Recorded<boolean>;
  readonly isSpam: Recorded<boolean>;
  /** Written to be sent later, and not yet sent. */
  readonly isScheduled: Recorded<boolean>;
  /** Not sent: the number that Messages gives the failure. */
  readonly sendError: Recorded<number>;
  /** The owner's number or address that it came to or went from. */
  readonly ownAddress: Recorded<string>;
  /** Why not all of it could be read. */
  readonly problem: 'body unreadable' | 'formatting unreadable' | 'text and archive differ' | undefined;
}

export type Part =
  | { readonly kind: 'text'; readonly index: number; readonly text: string; readonly spans: readonly Span[] }
  | { readonly kind: 'attachment'; readonly index: number; readonly attachment: Attachment }
  | { readonly kind: 'unsent'; readonly index: number };

/** A stretch of the text of a part, in UTF-16 units, and what is special about it. They do not overlap. */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** The address of who is mentioned. */
  readonly mention?: string;
  readonly link?: string;
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly strikethrough?: boolean;
  /** How it moves: "Big", "Shake" … */
  readonly animation?: string;
  /** What the phone took it for: "AuthCode", "PhoneNumber", "Date" … */
  readonly detected?: string;
}

export type ReactionKind = 'love' | 'like' | 'dislike' | 'laugh' | 'emphasis' | 'question' | 'emoji' | 'sticker';

export interface Reaction {
  readonly guid: string;
  readonly kind: ReactionKind;
  /** What to show for it; a sticker has none. */
  readonly emoji: string | undefined;
  /** The picture of a sticker. */
  readonly sticker: Attachment | undefined;
  readonly isFromMe: boolean;
  readonly sender: Correspondent | undefined;
  readonly at: Date | null;
  /** True for the row that takes an earlier reaction back. */
  readonly isRemoval: boolean;
  /** Whether it still stands: not removed, and not replaced by another of the same person. */
  readonly stands: boolean;
  readonly targetGuid: string;
  readonly targetPart: number;
  /** False when the message it belongs to is not there any more. */
  readonly hasTarget: boolean;
}

export interface Reply {
  readonly guid: string;
  /** The part that is replied to, where it says. */
  readonly part: number | undefined;
  /** Undefined when that message is not there any more. */
  readonly original: Quote | undefined;
}

export interface Quote {
  readonly isFromMe: boolean;
  readonly sender: Correspondent | undefined;
  readonly sentAt: Date | null;
  /** Its words; `null` when it had none (a photo, say). */
  readonly text: string | null;
}

export interface Edit {
  readonly part: number;
  readonly at: Date | null;
  /** `null` when that wording cannot be read. */
  readonly text: string | null;
}

export interface DeletedPart {
  readonly part: number;
  readonly at: Date | null;
  readonly text: string | null;
}

/** Something that happened in a conversation. */
export interface GroupEvent {
  readonly kind:
    | 'member-added'
    | 'member-removed'
    | 'member-left'
    | 'name-changed'
    | 'photo-changed'
    | 'photo-removed'
    | 'background-changed'
    | 'background-removed'
    | 'location-shared'
    | 'location-stopped'
    | 'audio-kept'
    | 'shareplay'
    | 'other';
  /** Who was added or removed. */
  readonly whom: Correspondent | undefined;
  /** The new name of the group. */
  readonly name: string | null;
}

/** A message made by an app: a link with its preview, money, a drawing, a game. */
export interface App {
  readonly bundleId: string;
  /** "Link", "Apple Cash", "Handwriting" … or what the app calls itself. */
  readonly name: string;
  readonly title: string | undefined;
  readonly subtitle: string | undefined;
  readonly summary: string | undefined;
  readonly url: string | undefined;
  /** Its content cannot be read. */
  readonly problem: 'app data unreadable' | undefined;
}

export interface Attachment {
  readonly guid: string;
  /** What people see: "IMG_0042.HEIC". */
  readonly name: string;
  /** As the database has it. */
  readonly path: string | null;
  readonly mimeType: Recorded<string>;
  readonly uti: Recorded<string>;
  readonly sizeBytes: Recorded<number>;
  readonly isSticker: Recorded<boolean>;
  /** Belongs to an app's message and is not shown by itself. */
  readonly isHidden: Recorded<boolean>;
  readonly createdAt: Recorded<Date>;
  /** What the phone understood of an audio message. */
  readonly transcript: string | undefined;
  /**
   * `not-in-backup`: the phone had it, or keeps it in iCloud; `not-downloaded`: it never was on the phone.
   */
  readonly state: 'in-backup' | 'not-in-backup' | 'not-downloaded';
  readonly entry: ManifestEntry | undefined;
  /** The moving half of a Live Photo, which has no row of its own. */
  readonly livePhoto: ManifestEntry | undefined;
}
