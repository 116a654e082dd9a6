import type { Note, NoteAttachment, NoteFile, Notes } from '../../content/index.ts';
import { isNotFound } from '../../shared/target/backup-target.ts';
import { FormatError } from '../../shared/errors.ts';
import type { ExportFolder } from '../folder/export-folder.ts';

/** A file of a note after it was taken out, or why it was not. */
export type TakenFile =
  | { readonly state: 'written'; readonly path: string; readonly sizeBytes: number }
  | { readonly state: 'not-in-backup' | 'locked' | 'damaged' };

/** What became of the files of one attachment. */
export interface TakenFiles {
  readonly file: TakenFile | undefined;
  readonly picture: TakenFile | undefined;
  readonly pages: TakenFile | undefined;
}

/** Extensions for files whose names have none, by type identifier. */
const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ['public.jpeg', '.jpeg'],
  ['public.png', '.png'],
  ['public.heic', '.heic'],
  ['public.tiff', '.tiff'],
  ['com.compuserve.gif', '.gif'],
  ['com.adobe.pdf', '.pdf'],
  ['com.apple.paper.doc.pdf', '.pdf'],
  ['com.apple.m4a-audio', '.m4a'],
  ['public.mpeg-4', '.mp4'],
  ['public.mpeg-4-audio', '.m4a'],
  ['public.mp3', '.mp3'],
  ['com.apple.quicktime-movie', '.mov'],
  ['public.vcard', '.vcf'],
  ['com.apple.ical.ics', '.ics'],
  ['public.plain-text', '.txt'],
]);

/**
 * Takes out all files of a note.
 *
 * @param directory where to, as names of folders.
 * @returns by the identifier of the attachment; those without files are not in it.
 */
export async function takeFilesOut(
  notes: Notes,
  note: Note,
  folder: ExportFolder,
  directory: readonly string[],
): Promise<ReadonlyMap<string, TakenFiles>> {
  const taken = new Map<string, TakenFiles>();
  const modifiedAt = note.modifiedAt ?? note.createdAt ?? undefined;
  const take = async (file: NoteFile | undefined, uti: string | undefined): Promise<TakenFile | undefined> => {
    if (file === undefined) return undefined;
    if (file.state !== 'in-backup') return { state: file.state };
    const name = /\.[A-Za-z0-9]{1,8}$/.test(file.name) ? file.name : file.name + (EXTENSIONS.get(uti ?? '') ?? '');
    try {
      const options = modifiedAt ? { modifiedAt } : {};
      const { path, sizeBytes } = await folder.write([...directory, name], notes.chunks(file), options);
      return { state: 'written', path, sizeBytes };
    } catch (error) {
      if (error instanceof FormatError) return { state: 'damaged' };
      if (isNotFound(error)) return { state: 'not-in-backup' };
      throw error;
    }
  };
  const visit = async ({ identifier, uti, file, picture, pages, parts }: NoteAttachment): Promise<void> => {
    if (file ?? picture ?? pages) {
      taken.set(identifier, {
        file: await take(file, uti),
        picture: await take(picture, undefined),
        pages: await take(pages, undefined),
      });
    }
    for (const part of parts) await visit(part);
  };
  for (const attachment of note.attachments) await visit(attachment);
  return taken;
}
