import styles from './icon.module.css';

/** Drawn on a field of 24 by 24 with a line of 1.75. */
const PATHS = {
  home: 'M4 11.5 12 5l8 6.5M6.5 10v9h11v-9',
  bell: 'M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15L6 16.5ZM10 20.5h4',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M13 4.5v5M9 14.5v5',
  people:
    'M9 11a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 9 11ZM3 19.5c.4-3.4 2.7-5.5 6-5.5s5.6 2.1 6 5.5M15.5 5a3 3 0 0 1 0 5.8M17.5 14.4c2 .7 3.2 2.5 3.5 5.1',
  person: 'M12 12a3.6 3.6 0 1 0 0-7.2 3.6 3.6 0 0 0 0 7.2ZM5 20c.5-3.7 3.1-6 7-6s6.5 2.3 7 6',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  close: 'M6 6l12 12M18 6 6 18',
  back: 'M14.5 5 8 12l6.5 7',
  forward: 'M9.5 5 16 12l-6.5 7',
  down: 'm5 9.5 7 6.5 7-6.5',
  more: 'M4.7 12a.8.8 0 1 0 1.6 0 .8.8 0 0 0-1.6 0ZM11.2 12a.8.8 0 1 0 1.6 0 .8.8 0 0 0-1.6 0ZM17.7 12a.8.8 0 1 0 1.6 0 .8.8 0 0 0-1.6 0Z',
  add: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  search: 'M11 17.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM16 16l4.5 4.5',
  download: 'M12 4v11M7 10.5l5 5 5-5M5 20h14',
  copies: 'M8 8h11v12H8zM5 16V4h11',
  lock: 'M6.5 11h11v8.5h-11zM8.5 11V8.2a3.5 3.5 0 0 1 7 0V11',
  unlock: 'M6.5 11h11v8.5h-11zM8.5 11V8.2a3.5 3.5 0 0 1 6.8-1.1',
  pin: 'M9 4h6l-.8 6.2 2.8 3.3H7l2.8-3.3L9 4ZM12 13.5V20',
  trash: 'M5 7h14M9.5 7V4.5h5V7M7 7l.8 12.5h8.4L17 7M10.3 10.5v5.5M13.7 10.5v5.5',
  edit: 'M5 19l.8-3.8L15.5 5.5l3 3L8.8 18.2 5 19Z',
  cable: 'M8 3.5v5M16 3.5v5M6 8.5h12v3.2a6 6 0 0 1-12 0V8.5ZM12 17.7v3',
  wifi: 'M3.5 9.5a12.5 12.5 0 0 1 17 0M6.5 13a8 8 0 0 1 11 0M9.5 16.3a3.6 3.6 0 0 1 5 0M12 19.3h.01',
  away: 'M4 4l16 16M6.5 13a8 8 0 0 1 3.4-2M3.5 9.5A12.6 12.6 0 0 1 8 6.8M12.5 5.6a12.5 12.5 0 0 1 8 3.9M9.5 16.3a3.6 3.6 0 0 1 5 0M12 19.3h.01',
  bolt: 'M13 3 6 13.5h5L10.5 21 18 10.5h-5L13 3Z',
  clock: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16ZM12 7.5V12l3 2',
  shield: 'M12 3.5 5 6v5.5c0 4.3 2.7 7.4 7 9 4.3-1.6 7-4.7 7-9V6l-7-2.5Z',
  document: 'M7 3.5h7l4 4v13H7zM14 3.5v4h4M10 12h5M10 15.5h5',
  photo: 'M4 5.5h16v13H4zM4 16l5-5 4 4 2.5-2.5L20 16.5M15.5 9.5h.01',
  message: 'M4 5h16v11h-9l-4.5 3.5V16H4z',
  phone: 'M8 3h8a1.5 1.5 0 0 1 1.5 1.5v15A1.5 1.5 0 0 1 16 21H8a1.5 1.5 0 0 1-1.5-1.5v-15A1.5 1.5 0 0 1 8 3ZM10.5 18h3',
  note: 'M5 4h14v16H5zM8.5 8.5h7M8.5 12h7M8.5 15.5h4',
  calendar: 'M4.5 6h15v13.5h-15zM4.5 10h15M8.5 3.5V7M15.5 3.5V7',
  heart: 'M12 19.5C7.5 16 4 13 4 9.3A4.2 4.2 0 0 1 12 7a4.2 4.2 0 0 1 8 2.3c0 3.7-3.5 6.7-8 10.2Z',
  globe:
    'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM3.5 12h17M12 3.5c2.3 2.4 3.5 5.2 3.5 8.5s-1.2 6.1-3.5 8.5c-2.3-2.4-3.5-5.2-3.5-8.5s1.2-6.1 3.5-8.5Z',
  folder: 'M3.5 6h6l2 2.5h9v10.5h-17z',
  restore: 'M5 12a7 7 0 1 0 2.2-5.1M5 4.5V8h3.5M12 8v4l2.5 2',
  disk: 'M4 13.5 6.5 5h11l2.5 8.5v6H4v-6ZM4 13.5h16M16.5 16.5h.01',
  key: 'M8.5 15.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12.5 11.5h8M17.5 11.5V15M20.5 11.5v2.5',
  out: 'M10 4.5H5v15h5M14 8l4.5 4L14 16M18 12H9.5',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 14.7a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4Z',
  eyeClosed:
    'M4 4l16 16M9 6a9.6 9.6 0 0 1 3-.5c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-3 3.7M6.5 7.7A17 17 0 0 0 2.5 12S6 18.5 12 18.5a9.4 9.4 0 0 0 4-.9',
  play: 'M8 5v14l11-7z',
  pause: 'M8.5 5.5v13M15.5 5.5v13',
  stop: 'M6.5 6.5h11v11h-11z',
  refresh: 'M19 12a7 7 0 1 1-2-4.9M19 4.5V8h-3.5',
  information: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16ZM12 11v5M12 8h.01',
  keyboard: 'M3.5 6.5h17v11h-17zM7 10h.01M10.3 10h.01M13.7 10h.01M17 10h.01M8 14h8',
  stethoscope: 'M6 4v5a4 4 0 0 0 8 0V4M10 13v2.5a4.5 4.5 0 0 0 9 0V14M19 14a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6Z',
} as const;

export type IconName = keyof typeof PATHS;

/** A picture that stands beside a word. Where it stands alone, what it belongs to carries the name. */
export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  return <LineDrawing path={PATHS[name]} size={size} />;
}

/** One line on a field of 24 by 24, drawn as all icons are. */
export function LineDrawing({ path, size }: { readonly path: string; readonly size: number }) {
  return (
    <svg className={styles.icon} width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={path} />
    </svg>
  );
}
