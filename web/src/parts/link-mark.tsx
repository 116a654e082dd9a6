import type { LinkKind } from '../../../src/contract/index.ts';
import { partsWords } from '../words/parts.ts';
import { useWords } from '../words/words.ts';
import { Icon } from './icon.tsx';
import styles from './link-mark.module.css';

/** How a device is reached now: by cable, over Wi-Fi, or not. */
export function LinkMark({ link }: { readonly link?: LinkKind | undefined }) {
  const words = useWords(partsWords);
  const icon = link === undefined ? 'away' : link === 'usb' ? 'cable' : 'wifi';
  return (
    <span className={styles.link}>
      <Icon name={icon} size={18} />
      {words.links[link ?? 'away']}
    </span>
  );
}
