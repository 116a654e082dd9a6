import type { Backup, ManifestEntry } from '../../snapshot/index.ts';
import { appendTo } from '../../shared/append-to.ts';

/** Where the files of Notes lie, as pictures and recordings in notes are kept beside the database. */
export const NOTES_DOMAIN = 'AppDomainGroup-group.com.apple.notes';

/** The folders below an account, or below the domain itself for what is kept on the phone only. */
const FOLDERS: ReadonlySet<string> = new Set(['Media', 'Previews', 'FallbackImages', 'FallbackPDFs', 'Paper']);
const UUID = /^[0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12}/i;

export type FileFolder = 'Media' | 'Previews' | 'FallbackImages' | 'FallbackPDFs' | 'Paper';

/**
 * The files of all notes, by the folder and the identifier they belong to. iOS has laid them out in several ways
 *
 *   Accounts/<account>/Media/<media>/<file>                     Previews/<preview>.png
 *   Accounts/<account>/Media/<media>/<generation>/<file>        Previews/<preview>/<generation>/Preview.png
 *
 * and all have the identifier as, or at the beginning of, the name below the folder.
 */
export class NoteFiles {
  readonly #files = new Map<string, ManifestEntry[]>();

  constructor(backup: Backup) {
    for (const entry of backup.manifest.entries({ domain: NOTES_DOMAIN })) {
      if (entry.kind === 'file') this.#add(entry);
    }
    for (const files of this.#files.values()) files.sort((a, b) => (a.relativePath < b.relativePath ? -1 : 1));
  }

  /** What belongs to an identifier, in the order of the paths. */
  of(folder: FileFolder, identifier: string): readonly ManifestEntry[] {
    return this.#files.get(keyOf(folder, identifier)) ?? [];
  }

  /**
   * The one to show: of the generation asked for where there is one, else of a name asked for; the last of those that
   * are as good, as generations are numbered upwards.
   *
   * @param type what its path must look like.
   */
  best(
    folder: FileFolder,
    identifier: string,
    { generation, names, type }: { generation?: string | undefined; names?: readonly string[]; type?: RegExp } = {},
  ): ManifestEntry | undefined {
    const wanted = new Set(names?.map((name) => name.normalize('NFC')));
    const score = ({ relativePath }: ManifestEntry): number => {
      const parts = relativePath.split('/');
      const isGeneration = generation !== undefined && parts.includes(generation);
      const isName = wanted.has((parts.at(-1) ?? '').normalize('NFC'));
      return (isGeneration ? 2 : 0) + (isName ? 1 : 0);
    };
    const files = this.of(folder, identifier);
    const fitting = type === undefined ? files : files.filter(({ relativePath }) => type.test(relativePath));
    return fitting.reduce<ManifestEntry | undefined>(
      (best, each) => (best !== undefined && score(best) > score(each) ? best : each),
      undefined,
    );
  }

  #add(entry: ManifestEntry): void {
    const parts = entry.relativePath.split('/');
    const at = parts.findIndex((part) => FOLDERS.has(part));
    const name = parts[at + 1];
    if (at === -1 || name === undefined) return;
    const folder = parts[at] ?? '';
    const identifiers = new Set([name, name.replace(/\..*$/, ''), UUID.exec(name)?.[0] ?? name]);
    for (const identifier of identifiers) {
      appendTo(this.#files, keyOf(folder, identifier), entry);
    }
  }
}

const keyOf = (folder: string, identifier: string): string => `${folder}/${identifier.toUpperCase()}`;
