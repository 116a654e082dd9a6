import type { ContentKindName } from '../../../../src/contract/index.ts';
import styles from './kind-icon.module.css';

/** Drawn like the icons of the kit: on a field of 24 by 24. */
const PATHS: Readonly<Record<ContentKindName, string>> = {
  messages: 'M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H11l-5 4v-4a2 2 0 0 1-2-2V6.5Z',
  photos: 'M4 5h16v14H4zM4 16l4.5-4.5 4 4 2.5-2.5 5 4.5M15.5 9.5h.01',
  contacts:
    'M6 3.5h12.5v17H6zM3.8 8H6M3.8 12H6M3.8 16H6M12.2 11.3a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM8.8 16.2c.3-1.9 1.6-2.9 3.4-2.9s3.1 1 3.4 2.9',
  calls:
    'M7.2 4 10 8.3 8 10.2c1.1 2.5 3.1 4.6 5.7 5.8l2-2.1 4.3 2.7c-.2 2-1.7 3.4-3.7 3.4C10 20 4 14 4 7.7 4 5.7 5.3 4.2 7.2 4Z',
  voicemail: 'M7 15.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM17 15.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM7 15.5h10',
  notes: 'M5 4h14v11l-5 5H5zM14 20v-5h5M8.5 8.5h7M8.5 12h4',
  calendar: 'M4 6h16v14H4zM4 10.5h16M8.5 3.5V8M15.5 3.5V8M8 14.5h.01M12 14.5h.01M16 14.5h.01',
  reminders: 'M9.5 6.5H20M9.5 12H20M9.5 17.5H20M5 6.5h.01M5 12h.01M5 17.5h.01',
  safari: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM15.7 8.3l-2.3 5.1-5.1 2.3 2.3-5.1 5.1-2.3Z',
  whatsapp:
    'M4 20l1.2-3.9A8 8 0 1 1 8 18.8L4 20ZM9 8.5c-.3 3.4 3 6.7 6.5 6.5l.8-1.8-2-1-1 .9c-1-.5-1.7-1.2-2.2-2.2l.9-1-1-2L9 8.5Z',
  health: 'M12 19.5S4.5 15 4.5 9.5a3.9 3.9 0 0 1 7.5-1.5 3.9 3.9 0 0 1 7.5 1.5c0 5.5-7.5 10-7.5 10Z',
  'voice-memos': 'M4 10.5v3M8 7v10M12 4v16M16 8v8M20 10.5v3',
  apps: 'M5 4h5v6H5zM14 4h5v6h-5zM5 14h5v6H5zM14 14h5v6h-5z',
  accounts: 'M12 12a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6ZM4.5 20c.7-3.7 3.6-5.6 7.5-5.6s6.8 1.9 7.5 5.6',
  alarms: 'M12 20.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM12 9v4l2.5 2M3.5 7 7 4M20.5 7 17 4',
  blocked: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM6 6l12 12',
  wifi: 'M3 9.5a13 13 0 0 1 18 0M6.2 13a8.5 8.5 0 0 1 11.6 0M9.3 16.3a4.2 4.2 0 0 1 5.4 0M12 19.5h.01',
  files: 'M3.5 6h6l2 2.5h9v10.5h-17z',
};

export function KindIcon({ kind, size = 24 }: { readonly kind: ContentKindName; readonly size?: number }) {
  return (
    <svg className={styles.icon} width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[kind]} />
    </svg>
  );
}
