import { fromCocoaSeconds, fromUnixSeconds } from '../../../shared/time/apple-time.ts';
import type { ContentDatabase } from '../../source/content-database.ts';
import { bytesOf, numberOf, textOf } from '../../source/row-values.ts';

/** A row of `message` before iOS 6, with what both kinds of messages have in common. */
export interface EarlyRow {
  readonly rowId: number;
  readonly guid: string;
  readonly isMessage: boolean;
  readonly isFromMe: boolean;
  readonly at: Date | null;
  readonly readAt: Date | null;
  readonly deliveredAt: Date | null;
  readonly text: string | null;
  readonly attributed: Uint8Array | null;
  readonly subject: string | null;
  /** Whom it is from or to; of a group only who sent it. */
  readonly address: string;
  /** The group it belongs to, where it does. */
  readonly group: string | undefined;
  readonly isRead: boolean | undefined;
  readonly error: number | null;
}

const TEXTS = ['address', 'text', 'subject', 'madrid_handle', 'madrid_guid', 'madrid_roomname'];
const BLOBS = ['madrid_attributedBody'];
const NUMBERS = [
  'date',
  'flags',
  'group_id',
  'read',
  'is_madrid',
  'madrid_flags',
  'madrid_error',
  'madrid_date_read',
  'madrid_date_delivered',
];

/** `flags` of a text message: 2 received, 3 sent, 33 not sent, 129 deleted. */
const [SENT, FAILED, DELETED] = [0x01, 0x20, 0x80];
/** In `madrid_flags`, which iOS 6 made columns of. */
const FROM_ME = 0x04;

/** All rows, or those of some numbers, the oldest first. */
export function* earlyRows(database: ContentDatabase, rowIds?: readonly number[]): Generator<EarlyRow, undefined> {
  const kinds = [
    ['TEXT', TEXTS],
    ['BLOB', BLOBS],
    ['REAL', NUMBERS],
  ] as const;
  const columns = kinds.flatMap(([type, names]) =>
    names.filter((name) => database.has('message', name)).map((name) => `CAST(m.${name} AS ${type}) AS ${name}`),
  );
  const where = rowIds === undefined ? '' : 'WHERE m.ROWID IN (SELECT value FROM json_each(?))';
  const parameters = rowIds === undefined ? [] : [JSON.stringify(rowIds)];
  for (const row of database.rows(
    `SELECT m.ROWID AS row_id, ${columns.join(', ')} FROM message m ${where}`,
    parameters,
  )) {
    const number = (name: string): number => numberOf(row[name]) ?? 0;
    const text = (name: string): string | null => textOf(row[name]) ?? null;
    const isMessage = number('is_madrid') !== 0;
    const flags = number(isMessage ? 'madrid_flags' : 'flags');
    if (!isMessage && (flags & DELETED) !== 0) continue;
    const rowId = number('row_id');
    const room = text('madrid_roomname') ?? '';
    const date = number('date');
    const cocoa = (name: string): Date | null => (number(name) === 0 ? null : (fromCocoaSeconds(number(name)) ?? null));
    yield {
      rowId,
      guid: (isMessage ? text('madrid_guid') : null) ?? `SMS-${rowId}-${date}`,
      isMessage,
      isFromMe: isMessage ? (flags & FROM_ME) !== 0 : (flags & SENT) !== 0,
      // Text messages count from 1970, all others from 2001.
      at: (isMessage ? fromCocoaSeconds(date) : fromUnixSeconds(date)) ?? null,
      readAt: cocoa('madrid_date_read'),
      deliveredAt: cocoa('madrid_date_delivered'),
      text: text('text'),
      attributed: bytesOf(row['madrid_attributedBody']) ?? null,
      subject: text('subject'),
      address: (isMessage ? text('madrid_handle') : text('address')) ?? text('address') ?? '',
      group: isMessage
        ? room === ''
          ? undefined
          : room
        : number('group_id') === 0
          ? undefined
          : `group ${number('group_id')}`,
      isRead: database.has('message', 'read') ? number('read') !== 0 : undefined,
      error: isMessage ? number('madrid_error') || null : (flags & FAILED) !== 0 ? flags : null,
    };
  }
}
