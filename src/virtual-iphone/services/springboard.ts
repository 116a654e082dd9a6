import { createHash } from 'node:crypto';
import { stringAt, type PlistDictionary } from '../../formats/index.ts';
import { installedApps, type InstalledApp } from '../apps.ts';
import type { PhoneContext } from '../context.ts';
import { servePlists, type PlistServiceReply } from './plist-service.ts';
import { encodePng } from './png.ts';
import type { Service } from './service.ts';

const NAME = 'com.apple.springboardservices';
const ICON_PIXELS = 60;
const WALLPAPER_PIXELS = { width: 117, height: 253 };

/** com.apple.springboardservices: the home screen. */
export const springboard: Service = {
  serve: (stream, context) =>
    servePlists(stream, context, {
      name: NAME,
      command: (request) => stringAt(request, 'command') ?? '',
      answer: (request) => answer(request, context),
      errorReply: (code) => ({ Error: code }),
    }),
};

function answer(request: PlistDictionary, context: PhoneContext): PlistServiceReply {
  const command = stringAt(request, 'command') ?? '';
  switch (command) {
    case 'getIconPNGData': {
      const bundleId = stringAt(request, 'bundleId') ?? '';
      const known = installedApps(context).some((app) => app.bundleId === bundleId);
      // An iPhone answers with the blank icon for an app it does not have.
      return { replies: [{ pngData: appIcon(known ? bundleId : '') }] };
    }
    case 'getInterfaceOrientation':
      return { replies: [{ interfaceOrientation: 1 }] };
    case 'getHomeScreenIconMetrics':
      return { replies: [{ homeScreenIconWidth: 60, homeScreenIconHeight: 60, homeScreenIconRows: 6 }] };
    case 'getHomeScreenWallpaperPNGData':
    case 'getWallpaperPreviewImage':
      return { replies: [{ pngData: wallpaper() }] };
    case 'getIconState':
      return { replies: [[[], installedApps(context).map(iconOf)]] };
    default:
      context.breaches.report(`${NAME}.command`, `there is no command called “${command}”`);
      return { replies: [], last: true };
  }
}

/** An icon in its place: in the dock, which comes first and is empty here, or on a page. */
function iconOf({ bundleId, name }: InstalledApp): PlistDictionary {
  return { bundleIdentifier: bundleId, displayIdentifier: bundleId, displayName: name };
}

/** A square of a colour that follows from the bundle id, brighter at the top, with rounded corners. */
function appIcon(bundleId: string): Buffer {
  const [red = 0, green = 0, blue = 0] = createHash('sha256').update(bundleId).digest();
  return encodePng(ICON_PIXELS, ICON_PIXELS, (x, y) => {
    const light = 0.7 + 0.6 * (1 - y / ICON_PIXELS);
    return [...[red, green, blue].map((part) => Math.min(255, part * light)), isInside(x, y) ? 255 : 0];
  });
}

/** Whether a pixel is within the rounded square. */
function isInside(x: number, y: number): boolean {
  const radius = ICON_PIXELS * 0.22;
  const dx = Math.max(radius - x, x - (ICON_PIXELS - 1 - radius), 0);
  const dy = Math.max(radius - y, y - (ICON_PIXELS - 1 - radius), 0);
  return dx * dx + dy * dy <= radius * radius;
}

function wallpaper(): Buffer {
  const { width, height } = WALLPAPER_PIXELS;
  return encodePng(width, height, (x, y) => [40 + (x * 80) / width, 60 + (y * 90) / height, 150, 255]);
}
