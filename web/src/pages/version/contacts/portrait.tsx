import { useState } from 'react';
import type { ContactSummary } from '../../../../../src/contract/index.ts';
import { classes } from '../../../parts/classes.ts';
import { contentAddress } from '../version-queries.ts';
import { useVersion } from '../version.ts';
import { initialsOf } from './initials.ts';
import styles from './contacts-page.module.css';

interface PortraitProps {
  readonly contact: Pick<ContactSummary, 'id' | 'name' | 'hasPhoto'>;
  readonly isLarge?: boolean;
}

/** The picture of a person, or the letters of the name. The name stands beside it: nothing is read out. */
export function Portrait({ contact, isLarge = false }: PortraitProps) {
  const version = useVersion();
  const [isBroken, setBroken] = useState(false);
  const look = classes(styles.portrait, isLarge && styles.largePortrait);
  if (!contact.hasPhoto || isBroken) {
    return (
      <span className={look} aria-hidden="true">
        {initialsOf(contact.name)}
      </span>
    );
  }
  const address = contentAddress(version.id, ['contacts', contact.id, 'photo'], isLarge ? {} : { size: 'small' });
  return <img className={look} src={address} alt="" loading="lazy" onError={() => setBroken(true)} />;
}
