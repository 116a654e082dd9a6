import type { Row } from '../../../database/index.ts';
import type { Backup } from '../../../snapshot/index.ts';
import type { ContentDatabase, Place } from '../../source/content-database.ts';
import { cocoaDateOf, flagOf, numberOf, textOf } from '../../source/row-values.ts';
import { type NoteAccount, type NoteFolder } from '../folders.ts';
import { documentFromHtml } from './html.ts';
import { LegacyAttachments } from './legacy-attachments.ts';
import { titleOf, type Note } from '../note.ts';
import { byIdentifier, plainText } from '../body/plain-text.ts';

export const LEGACY_PLACE: Place = { domain: 'HomeDomain', relativePath: 'Library/Notes/notes.sqlite' };

const NOTE = ['ZTITLE', 'ZSUMMARY', 'ZCREATIONDATE', 'ZMODIFICATIONDATE', 'ZGUID', 'ZDELETEDFLAG', 'ZSTORE'] as const;

/** notes.sqlite: all notes up to iOS 8, and those of mail accounts since. Their bodies are HTML. */
export class LegacyNotes {
  readonly accounts: ReadonlyMap<number, NoteAccount>;
  /** A store of an account is what people see as a folder. */
  readonly folders: ReadonlyMap<number, NoteFolder>;
  readonly #database: ContentDatabase;
  readonly #attachments: LegacyAttachments;

  constructor(database: ContentDatabase, backup: Backup) {
    database.require('ZNOTE', 'Z_PK');
    database.require('ZNOTEBODY', 'ZCONTENT');
    this.#database = database;
    this.#attachments = new LegacyAttachments(database, backup);
    this.accounts = legacyAccounts(database);
    this.folders = legacyFolders(database, this.accounts);
  }

  count(): number {
    return Number(this.#database.get('SELECT COUNT(*) AS count FROM ZNOTE')?.['count'] ?? 0);
  }

  *notes(): Generator<Note, undefined> {
    const body = this.#database.has('ZNOTE', 'ZBODY') ? 'b.Z_PK = n.ZBODY' : 'b.ZOWNER = n.Z_PK';
    const columns = this.#database.select('ZNOTE', 'n', NOTE);
    const sql = `SELECT n.Z_PK AS pk, ${columns}, b.ZCONTENT AS body, b.Z_PK AS hasBody
      FROM ZNOTE n LEFT JOIN ZNOTEBODY b ON ${body} ORDER BY n.Z_PK`;
    for (const row of this.#database.rows(sql)) yield this.#note(row);
  }

  #note(row: Row): Note {
    const folder = this.folders.get(numberOf(row['ZSTORE']) ?? 0);
    const document = row['hasBody'] === null ? undefined : documentFromHtml(textOf(row['body']) ?? '');
    const attachments = this.#attachments.of(Number(row['pk']), document);
    const text = document ? plainText(document, byIdentifier(attachments)) : '';
    return {
      key: textOf(row['ZGUID']) || `legacy-${Number(row['pk'])}`,
      store: 'legacy',
      title: titleOf(textOf(row['ZTITLE']), text),
      account: folder?.account,
      folder,
      createdAt: cocoaDateOf(row['ZCREATIONDATE']),
      modifiedAt: cocoaDateOf(row['ZMODIFICATIONDATE']),
      isPinned: undefined,
      isDeleted: flagOf(row['ZDELETEDFLAG']) === true,
      lock: undefined,
      document,
      text,
      attachments,
      ...(document === undefined && { problem: 'not-downloaded' }),
    };
  }
}

function legacyAccounts(database: ContentDatabase): Map<number, NoteAccount> {
  if (!database.has('ZACCOUNT', 'ZNAME')) return new Map();
  const rows = database.all(
    `SELECT Z_PK AS pk, ${database.select('ZACCOUNT', 'a', ['ZNAME', 'ZACCOUNTIDENTIFIER'])} FROM ZACCOUNT a`,
  );
  return new Map(
    rows.map((row) => {
      const identifier = textOf(row['ZACCOUNTIDENTIFIER']) ?? '';
      const name = textOf(row['ZNAME']) || 'On My iPhone';
      return [Number(row['pk']), { identifier, name: /^local_?account$/i.test(name) ? 'On My iPhone' : name }];
    }),
  );
}

function legacyFolders(database: ContentDatabase, accounts: ReadonlyMap<number, NoteAccount>): Map<number, NoteFolder> {
  if (!database.has('ZSTORE', 'ZNAME')) return new Map();
  const columns = database.select('ZSTORE', 's', ['ZNAME', 'ZACCOUNT', 'ZEXTERNALIDENTIFIER']);
  return new Map(
    database.all(`SELECT Z_PK AS pk, ${columns} FROM ZSTORE s`).map((row) => {
      const stored = textOf(row['ZNAME']) ?? '';
      const name = stored === '' || /^local_?store$/i.test(stored) ? 'Notes' : stored;
      const account = accounts.get(numberOf(row['ZACCOUNT']) ?? 0);
      const identifier = textOf(row['ZEXTERNALIDENTIFIER']) || `store-${Number(row['pk'])}`;
      return [Number(row['pk']), { identifier, name, account, path: [name], isSmart: false, isTrash: false }];
    }),
  );
}
