/** What people look for by sort, told by the extension alone: looking into every file would take hours. */
const EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  image: ['bmp', 'dng', 'gif', 'heic', 'heif', 'jpeg', 'jpg', 'png', 'svg', 'tif', 'tiff', 'webp'],
  video: ['3gp', 'avi', 'm4v', 'mov', 'mp4', 'mpg'],
  audio: ['aac', 'aif', 'aiff', 'amr', 'caf', 'm4a', 'm4r', 'mp3', 'ogg', 'opus', 'wav'],
  document: [
    'csv',
    'doc',
    'docx',
    'epub',
    'html',
    'key',
    'md',
    'numbers',
    'pages',
    'pdf',
    'ppt',
    'pptx',
    'rtf',
    'txt',
    'xls',
    'xlsx',
  ],
  database: ['db', 'realm', 'sqlite', 'sqlite3', 'sqlitedb', 'storedata'],
  settings: ['plist'],
};

/** What `find` can be limited to. */
export const FILE_KINDS = ['file', 'folder', 'link', ...Object.keys(EXTENSIONS)] as const;

const typeOfExtension: ReadonlyMap<string, string> = new Map(
  Object.entries(EXTENSIONS).flatMap(([type, extensions]) => extensions.map((each) => [each, type] as const)),
);

/** "image" of "Media/DCIM/IMG_1.HEIC"; undefined for anything that is not in the table. */
export function fileTypeOf(relativePath: string): string | undefined {
  const dot = relativePath.lastIndexOf('.');
  return dot < 0 ? undefined : typeOfExtension.get(relativePath.slice(dot + 1).toLowerCase());
}
