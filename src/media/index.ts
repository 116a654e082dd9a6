/** What photos and films say of themselves, and copies of them that other programs open. */
export { PictureCopier, type PictureCopy, type PictureProblem } from './copies/picture-copier.ts';
export type { FilmFacts } from './film-facts.ts';
export { readMediaFacts } from './media-facts.ts';
export type { PictureFacts } from './picture-facts.ts';
