import type { CameraRoll } from './camera-roll.ts';
import { extensionOf, nameOf, stemOf } from './camera-roll.ts';
import type { PhotoPart, Whereabouts } from './cloud-index.ts';
import type { ContentState, Photo, PhotoResource, ResourceRole } from './photo.ts';

export interface ResourceQuestion {
  /** Of the original, below `Media/`. */
  readonly path: string;
  readonly kind: Photo['kind'];
  readonly isLive: boolean;
  /** Whether the file of that path is another photo's original. */
  readonly isPhotoOfItsOwn: (path: string) => boolean;
  readonly whereIs: (part: PhotoPart) => Whereabouts;
  /** iCloud has this photo, as far as the index says, whatever it says of its parts. */
  readonly isInCloud: boolean;
  /** Whether the file that is there has the size of the original; undefined where that is not known. */
  readonly hasOriginalSize: (path: string) => boolean | undefined;
}

const MOVIE = /^\.(?:mov|mp4|m4v|qt)$/;
const PICTURE = /^\.(?:jpe?g|jpe|heic|heif|hif|avif|png|tiff?|gif|webp|jxl)$/;
const RAW = /^\.(?:dng|cr2|cr3|crw|nef|nrw|arw|sr2|raf|orf|rw2|pef|srw|raw)$/;

/** Every file that belongs to a photo, the original first. What should be there and is not is in the list, too. */
export function resourcesOf(roll: CameraRoll, question: ResourceQuestion): PhotoResource[] {
  const original = originalOf(roll, question);
  const beside = besideOf(roll, question);
  const resources = [original, ...beside, ...editsOf(roll, question)];
  if (question.isLive && !beside.some(({ role }) => role === 'live-video')) {
    resources.push(missing(roll, 'live-video', `${stemOf(question.path)}.MOV`, question));
  }
  if (question.whereIs('raw') === 'in-cloud' && !beside.some(({ role }) => role === 'raw')) {
    resources.push(missing(roll, 'raw', `${stemOf(question.path)}.DNG`, question));
  }
  return resources;
}

function originalOf(roll: CameraRoll, question: ResourceQuestion): PhotoResource {
  const path = roll.find(question.path);
  if (path === undefined) return missing(roll, 'original', question.path, question);
  // The index is believed about a smaller copy unless the file proves it wrong.
  const isSmaller = question.whereIs('original') === 'in-cloud' && question.hasOriginalSize(path) !== true;
  return resource(roll, 'original', path, isSmaller ? 'smaller-copy' : 'in-backup');
}

/** Files of the same name: the film of a Live Photo, a raw file, a recipe. */
function besideOf(roll: CameraRoll, question: ResourceQuestion): PhotoResource[] {
  const own = question.path.toLowerCase();
  const candidates = [question.path, ...relatedStems(question.path)].flatMap((path) => roll.siblings(path));
  return candidates.flatMap((path) => {
    if (path.toLowerCase() === own || question.isPhotoOfItsOwn(path)) return [];
    const role = roleBeside(question, path);
    return role === undefined ? [] : [resource(roll, role, path, 'in-backup')];
  });
}

function roleBeside({ path: original, kind }: ResourceQuestion, path: string): ResourceRole | undefined {
  const extension = extensionOf(path);
  const isEdited = /^img_e\d/i.test(nameOf(path)) && !/^img_e\d/i.test(nameOf(original));
  if (extension === '.aae') return 'edit-recipe';
  if (isEdited) return kind === 'photo' && MOVIE.test(extension) ? 'edited-live-video' : 'edited';
  if (MOVIE.test(extension)) return kind === 'photo' ? 'live-video' : 'alternate';
  if (RAW.test(extension)) return RAW.test(extensionOf(original)) ? 'alternate' : 'raw';
  return PICTURE.test(extension) ? 'alternate' : undefined;
}

/** Cameras and computers put a letter or a number into the names of what belongs together: IMG_E0001, UUID_3. */
function relatedStems(path: string): string[] {
  const folder = path.slice(0, path.length - nameOf(path).length);
  const number = /^IMG_(\d+)\./i.exec(nameOf(path))?.[1];
  if (number !== undefined) return [`${folder}IMG_E${number}.X`, `${folder}IMG_O${number}.X`];
  const isUuid = /^[0-9a-f]{8}-[0-9a-f-]{27}\./i.test(nameOf(path));
  return isUuid ? [`${stemOf(path)}_3.X`, `${stemOf(path)}_4.X`] : [];
}

/** What Photos keeps of an edit: the result, the film of an edited Live Photo, and how it was made. */
function editsOf(roll: CameraRoll, { path: original, kind }: ResourceQuestion): PhotoResource[] {
  const paths = roll.editsOf(original);
  const isWhole = paths.some((path) => /^fullsizerender\./i.test(nameOf(path)));
  return paths.flatMap((path) => {
    const name = nameOf(path);
    const extension = extensionOf(path);
    const isResult = isWhole ? /^fullsizerender\./i.test(name) : /^(?:substandard)?fullsizerender\./i.test(name);
    if (isResult && MOVIE.test(extension)) {
      return [resource(roll, kind === 'photo' ? 'edited-live-video' : 'edited', path, 'in-backup')];
    }
    if (isResult && kind !== 'video') return [resource(roll, 'edited', path, 'in-backup')];
    return /^adjustments?\.plist$/i.test(name) ? [resource(roll, 'edit-recipe', path, 'in-backup')] : [];
  });
}

function missing(roll: CameraRoll, role: ResourceRole, path: string, question: ResourceQuestion): PhotoResource {
  const part = role === 'live-video' || role === 'raw' ? role : 'original';
  const isAway = question.isInCloud || question.whereIs(part) === 'in-cloud';
  return resource(roll, role, path, isAway ? 'not-downloaded' : 'not-in-backup');
}

function resource(roll: CameraRoll, role: ResourceRole, path: string, state: ContentState): PhotoResource {
  return { role, state, place: { domain: roll.domain, relativePath: `Media/${path}` } };
}
