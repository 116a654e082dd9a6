import { LineDrawing } from '../../../parts/icon.tsx';

/** Drawn like the icons of the kit: on a field of 24 by 24. */
const PATHS = {
  live: 'M12 15.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17Z',
  cloud: 'M7.5 18.5a4 4 0 0 1-.6-8 5.5 5.5 0 0 1 10.6-1.2 4.6 4.6 0 0 1-.5 9.2h-9.5Z',
  favorites: 'M12 19.5S4.5 15 4.5 9.5a3.9 3.9 0 0 1 7.5-1.5 3.9 3.9 0 0 1 7.5 1.5c0 5.5-7.5 10-7.5 10Z',
  videos: 'M3.5 7h11v10h-11zM14.5 11l6-3v8l-6-3',
  screenshots: 'M7.5 3.5h9v17h-9zM10.5 17.5h3',
  hidden:
    'M4 4l16 16M9 6a9.6 9.6 0 0 1 3-.5c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-3 3.7M6.5 7.7A17 17 0 0 0 2.5 12S6 18.5 12 18.5a9.4 9.4 0 0 0 4-.9',
  deleted: 'M5 7h14M9.5 7V4.5h5V7M7 7l.8 12.5h8.4L17 7',
  shared:
    'M9 11a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 9 11ZM3 19.5c.4-3.4 2.7-5.5 6-5.5s5.6 2.1 6 5.5M15.5 5a3 3 0 0 1 0 5.8M17.5 14.4c2 .7 3.2 2.5 3.5 5.1',
  album: 'M4 7h16v13H4zM6 4h12M4 16l4.5-4 4 4 2.5-2 5 4',
  check: 'm6.5 12.5 3.8 3.8 7.2-8',
} as const;

export type PhotoIconName = keyof typeof PATHS;

export function PhotoIcon({ name, size = 18 }: { readonly name: PhotoIconName; readonly size?: number }) {
  return <LineDrawing path={PATHS[name]} size={size} />;
}
