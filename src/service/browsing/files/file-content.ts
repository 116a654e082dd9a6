import { basename, extname } from 'node:path/posix';
import { playableCopy } from '../../../export/index.ts';
import type { PictureShop } from '../pictures/picture-shop.ts';
import type { Unlocked } from '../unlocked.ts';
import { placeOfToken } from './file-token.ts';
import { contentOfBytes, openContent, wholeFile, type Content } from './stored-content.ts';

/** Voice mail and audio messages are far smaller. */
const MAX_RECORDING_BYTES = 32 * 1024 * 1024;

/** How a file is wanted: as it was, as a browser shows it, as a small picture. */
export type FileForm = 'original' | 'view' | 'thumbnail';

/**
 * The content of a file of the backup. HEIC and TIFF come as JPEG, AMR as WAV, where they are to be viewed; what a
 * browser cannot show comes as it is, to be kept.
 *
 * @throws {AppError} USAGE, CONTENT_NOT_FOUND; thumbnails also where there can be none
 */
export async function fileContent(
  unlocked: Unlocked,
  pictures: PictureShop,
  token: string,
  form: FileForm,
  signal?: AbortSignal,
): Promise<Content> {
  const place = placeOfToken(token);
  const entry = unlocked.backup.find(place.domain, place.relativePath);
  const name = basename(place.relativePath);
  if (form === 'thumbnail') return pictures.thumbnail(unlocked, entry, name, signal);
  const content = await openContent(unlocked, entry, name);
  if (form === 'original') return { ...content, isInline: false };
  if (content.type === 'image/heic' || content.type === 'image/tiff') {
    return pictures.view(unlocked, entry, name, signal);
  }
  if (content.type === 'audio/amr') {
    const wav = await playableCopy(await wholeFile(unlocked, entry, MAX_RECORDING_BYTES));
    if (wav !== undefined) {
      return contentOfBytes(wav, { name: `${basename(name, extname(name))}.wav`, type: 'audio/wav', isInline: true });
    }
  }
  return content;
}
