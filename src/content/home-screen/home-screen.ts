/** The home screen: its pages, folders, widgets and the dock, as SpringBoard keeps them. */
import {
  arrayAt,
  asDictionary,
  decodePlist,
  integerAt,
  stringAt,
  type PlistDictionary,
  type PlistValue,
} from '../../formats/index.ts';
import { bytesIfThere } from '../source/bytes-if-there.ts';
import type { Backup } from '../../snapshot/index.ts';
import type { ContentItem } from '../source/content-item.ts';

export type HomeScreenIcon =
  | { readonly kind: 'app'; readonly bundleId: string }
  /** A web page that was put on the home screen. */
  | { readonly kind: 'web-clip'; readonly name: string | undefined; readonly id: string }
  | { readonly kind: 'folder'; readonly name: string; readonly pages: readonly (readonly HomeScreenIcon[])[] }
  /** One widget, or several on top of each other. */
  | {
      readonly kind: 'widget';
      readonly size: WidgetSize;
      readonly widgets: readonly { readonly bundleId: string | undefined; readonly name: string | undefined }[];
    }
  | { readonly kind: 'unknown' };

type WidgetSize = 'small' | 'medium' | 'large' | 'extra-large';

export interface HomeScreen {
  readonly dock: readonly HomeScreenIcon[];
  readonly pages: readonly (readonly HomeScreenIcon[])[];
  /** Widgets of the page to the left of the first. */
  readonly today: readonly HomeScreenIcon[];
}

const PLACES = ['Library/SpringBoard/IconState.plist', 'Library/SpringBoard/DesiredIconState.plist'];
const MAX_PLIST_BYTES = 32 * 1024 * 1024;
/** A folder within a folder cannot be made; what claims to be deeper is left out. */
const MAX_DEPTH = 4;

/**
 * Reads the home screen.
 *
 * @returns undefined when the backup does not hold it.
 * @throws {FormatError} when the property list is damaged.
 */
export async function openHomeScreen(backup: Backup): Promise<HomeScreen | undefined> {
  for (const path of PLACES) {
    const bytes = await bytesIfThere(backup, backup.find('HomeDomain', path), MAX_PLIST_BYTES);
    const state = bytes && asDictionary(decodePlist(bytes));
    if (state === undefined) continue;
    return {
      dock: icons(arrayAt(state, 'buttonBar'), 0),
      pages: pagesOf(arrayAt(state, 'iconLists'), 0),
      today: icons(arrayAt(state, 'today'), 0),
    };
  }
  return undefined;
}

/** The apps, folders and web pages on the home screen, for following them from backup to backup. */
export function* homeScreenItems({ dock, pages }: HomeScreen): Generator<ContentItem, undefined> {
  for (const icon of [...dock, ...pages.flat()]) {
    const [key, title] =
      icon.kind === 'app'
        ? [icon.bundleId, icon.bundleId]
        : icon.kind === 'folder'
          ? [`folder ${icon.name}`, icon.name]
          : icon.kind === 'web-clip'
            ? [icon.id, icon.name ?? icon.id]
            : [undefined, ''];
    if (key !== undefined) yield { kind: 'home-screen', key, at: undefined, title, text: title };
  }
}

const pagesOf = (pages: readonly PlistValue[] | undefined, depth: number): HomeScreenIcon[][] =>
  (pages ?? []).map((page) => icons(Array.isArray(page) ? page : [], depth));

const icons = (list: readonly PlistValue[] | undefined, depth: number): HomeScreenIcon[] =>
  (list ?? []).map((each) => iconOf(each, depth));

function iconOf(value: PlistValue, depth: number): HomeScreenIcon {
  if (typeof value === 'string') return appOrClip(value, undefined);
  const icon = asDictionary(value);
  if (icon === undefined) return { kind: 'unknown' };
  const inner = arrayAt(icon, 'iconLists');
  const name = stringAt(icon, 'displayName') ?? stringAt(icon, 'defaultDisplayName');
  if (inner !== undefined || stringAt(icon, 'listType') === 'folder') {
    return { kind: 'folder', name: name ?? '', pages: depth < MAX_DEPTH ? pagesOf(inner, depth + 1) : [] };
  }
  const elements = arrayAt(icon, 'elements');
  if (elements !== undefined || stringAt(icon, 'elementType') === 'widget' || stringAt(icon, 'iconType') === 'custom') {
    const widgets = (elements ?? [icon]).flatMap((each) => widgetOf(asDictionary(each)) ?? []);
    return { kind: 'widget', size: sizeOf(icon), widgets };
  }
  const bundleId = stringAt(icon, 'bundleIdentifier') ?? stringAt(icon, 'displayIdentifier');
  return bundleId === undefined ? { kind: 'unknown' } : appOrClip(bundleId, name);
}

/** Web pages are named by 32 hex digits, or by an identifier that says what they are. */
function appOrClip(id: string, name: string | undefined): HomeScreenIcon {
  const isClip = /^(?:com\.apple\.webapp-)?[0-9A-F]{32}$/i.test(id) || id.startsWith('com.apple.webapp');
  return isClip ? { kind: 'web-clip', name, id } : { kind: 'app', bundleId: id };
}

function widgetOf(
  widget: PlistDictionary | undefined,
): { bundleId: string | undefined; name: string | undefined } | undefined {
  if (widget === undefined) return undefined;
  return {
    bundleId: stringAt(widget, 'containerBundleIdentifier'),
    name: stringAt(widget, 'widgetIdentifier') ?? stringAt(widget, 'uniqueIdentifier'),
  };
}

/** Its word, or the number of columns and rows. */
function sizeOf(icon: PlistDictionary): WidgetSize {
  const text = stringAt(icon, 'gridSize')?.toLowerCase() ?? '';
  const columns = integerAt(asDictionary(icon['gridSize']), 'columns');
  if (text.includes('extra') || text === 'xlarge') return 'extra-large';
  if (text === 'large') return 'large';
  return text === 'medium' || columns === 4 ? 'medium' : 'small';
}
