import { readTopBox } from '../formats/index.ts';
import { FileStart } from './file-start.ts';
import { filmFacts, type FilmFacts } from './film-facts.ts';
import { pictureFacts, type PictureFacts } from './picture-facts.ts';

/** EXIF beyond this lies behind more picture than is worth reading for it. */
const MAX_PICTURE_BYTES = 64 * 1024 * 1024;
const MAX_MOVIE_BYTES = 64 * 1024 * 1024;
const FILM_NAME = /\.(?:mov|mp4|m4v|qt|3gp)$/i;

/**
 * What a photo or film says of itself: when and where it was taken, with which camera. Films are read to their end
 * where what they say lies there.
 *
 * @param chunks the content of the file; read no further than needed.
 * @returns undefined for what is neither, or is damaged so that nothing can be found.
 */
export async function readMediaFacts(
  chunks: AsyncIterable<Uint8Array>,
  fileName: string,
): Promise<FilmFacts | PictureFacts | undefined> {
  if (FILM_NAME.test(fileName)) {
    const movie = await readTopBox(chunks, 'moov', MAX_MOVIE_BYTES);
    return movie && filmFacts(movie);
  }
  await using start = new FileStart(chunks, MAX_PICTURE_BYTES);
  return await pictureFacts(start);
}
