import { globSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where systems keep their fonts. */
const FOLDERS = [
  '/usr/share/fonts',
  '/usr/local/share/fonts',
  join(homedir(), '.local/share/fonts'),
  join(homedir(), '.fonts'),
  '/System/Library/Fonts',
  '/Library/Fonts',
  join(homedir(), 'Library/Fonts'),
  join(process.env['SystemRoot'] ?? String.raw`C:\Windows`, 'Fonts'),
];

/**
 * Fonts that cover scripts which the fonts that come along lack, by the names that Linux distributions, macOS and
 * Windows give them; those with the most letters first.
 */
const NAMES = [
  /^NotoSansCJK-Regular\.ttc$/i,
  /^NotoSans(?:CJK|SC|TC|JP|KR)[a-z]*-Regular\.(?:otf|ttf)$/i,
  /^(?:Arial Unicode|DroidSansFallback(?:Full)?)\.ttf$/i,
  /^(?:PingFang|Hiragino Sans GB|AppleSDGothicNeo|STHeiti Light)\.ttc$/i,
  /^(?:msyh|msjh|msgothic|YuGothR|malgun)\.tt[cf]$/i,
  /^wqy-(?:zenhei|microhei)\.ttc$/i,
  /^NotoSans[A-Z][A-Za-z]+-Regular\.(?:ttf|otf)$/,
  /^(?:Nirmala|leelawui|ebrima|gadugi|sylfaen|segoeui|tahoma|mangal)\.tt[cf]$/i,
  /^(?:KohinoorDevanagari|Thonburi|GeezaPro|Khmer Sangam MN|Kailasa)\.tt[cf]$/i,
  /^(?:Lohit-[A-Za-z]+|Loma|FreeSans|unifont[\w.-]*)\.(?:ttf|otf)$/i,
];

let found: readonly string[] | undefined;

/** Paths of fonts on this computer, in the order they are to be tried. Looked for once. */
export function systemFonts(): readonly string[] {
  found ??= fontsIn(FOLDERS);
  return found;
}

/** Those of the known fonts that lie in or below these folders. */
export function fontsIn(folders: readonly string[]): string[] {
  const fonts: { path: string; rank: number }[] = [];
  for (const folder of folders) {
    for (const name of globSync('**/*.{ttf,otf,ttc,TTF,OTF,TTC}', { cwd: folder })) {
      const rank = NAMES.findIndex((pattern) => pattern.test(name.split(/[/\\]/).at(-1) ?? ''));
      if (rank >= 0) fonts.push({ path: join(folder, name), rank });
    }
  }
  return fonts.toSorted((a, b) => a.rank - b.rank || (a.path < b.path ? -1 : 1)).map(({ path }) => path);
}
