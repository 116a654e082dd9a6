import type { Backup, ManifestEntry } from '../../../snapshot/index.ts';
import type { ContentDatabase } from '../../source/content-database.ts';
import { numberOf, textOf } from '../../source/row-values.ts';
import { NO_DETAILS, type AttachmentKind, type NoteAttachment } from '../attachments/attachment.ts';
import { objectsIn, type NoteDocument } from '../body/document.ts';

interface Named {
  readonly identifier: string;
  readonly fileName: string;
  readonly type: string;
}

/** What was sent along with notes of mail accounts: named in ZNOTEATTACHMENT, called by their content ids in the HTML. */
export class LegacyAttachments {
  readonly #byNote = new Map<number, Named[]>();
  readonly #files = new Map<string, ManifestEntry>();

  constructor(database: ContentDatabase, backup: Backup) {
    if (!database.has('ZNOTEATTACHMENT', 'ZNOTE')) return;
    const columns = database.select('ZNOTEATTACHMENT', 'a', ['ZNOTE', 'ZCONTENTID', 'ZFILENAME', 'ZMIMETYPE']);
    for (const row of database.rows(`SELECT a.Z_PK AS pk, ${columns} FROM ZNOTEATTACHMENT a ORDER BY a.Z_PK`)) {
      const named = {
        identifier: (textOf(row['ZCONTENTID']) ?? '').replace(/^<|>$/g, '') || `attachment-${Number(row['pk'])}`,
        fileName: textOf(row['ZFILENAME']) || 'attachment',
        type: textOf(row['ZMIMETYPE']) ?? '',
      };
      const note = numberOf(row['ZNOTE']) ?? 0;
      this.#byNote.set(note, [...(this.#byNote.get(note) ?? []), named]);
    }
    if (this.#byNote.size > 0) this.#readFiles(backup);
  }

  /** Those in the text first, in order. One that the text calls for and nobody knows is missing. */
  of(note: number, document: NoteDocument | undefined): NoteAttachment[] {
    const known = new Map((this.#byNote.get(note) ?? []).map((named) => [named.identifier, named]));
    const inText = new Set(document === undefined ? [] : objectsIn(document));
    return [...new Set([...inText, ...known.keys()])].map((identifier) =>
      this.#attachment(identifier, known.get(identifier), inText.has(identifier)),
    );
  }

  #attachment(identifier: string, named: Named | undefined, isInText: boolean): NoteAttachment {
    const base = { ...NO_DETAILS, identifier, uti: undefined, isInText };
    if (named === undefined) return { ...base, kind: 'document', problem: 'missing' };
    const entry = this.#files.get(named.fileName);
    const state = entry === undefined ? 'not-in-backup' : 'in-backup';
    return {
      ...base,
      kind: kindOfMime(named.type),
      title: named.fileName,
      file: { name: named.fileName, state, entry },
    };
  }

  /** Where below Library/Notes they lie differs; their names are their own. */
  #readFiles(backup: Backup): void {
    for (const entry of backup.manifest.entries({ domain: 'HomeDomain' })) {
      if (entry.kind !== 'file' || !entry.relativePath.startsWith('Library/Notes/')) continue;
      this.#files.set(entry.relativePath.slice(entry.relativePath.lastIndexOf('/') + 1), entry);
    }
  }
}

function kindOfMime(type: string): AttachmentKind {
  const [kind] = type.toLowerCase().split('/');
  if (kind === 'image' || kind === 'audio' || kind === 'video') return kind;
  return type.toLowerCase() === 'application/pdf' ? 'pdf' : 'document';
}
