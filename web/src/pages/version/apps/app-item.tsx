import { Fragment, useState } from 'react';
import type { InstalledApp } from '../../../../../src/contract/index.ts';
import { useFormats } from '../../../telling/use-formats.ts';
import { appsWords } from '../../../words/apps.ts';
import { useWords } from '../../../words/words.ts';
import { Outside } from '../linked-text.tsx';
import { contentAddress } from '../version-queries.ts';
import { useVersion } from '../version.ts';
import styles from './apps-page.module.css';

/** One app: what it is called, who made it, where it stood, what it keeps. */
export function AppItem({ app }: { readonly app: InstalledApp }) {
  const words = useWords(appsWords);
  const format = useFormats();
  const name = app.name ?? app.id;
  const { page, folder } = app.onHomeScreen ?? {};
  const ground = page === undefined ? words.dock : words.page(page);
  const place = folder === undefined ? ground : words.folder(ground, folder);
  const facts = [app.publisher, app.version, app.onHomeScreen && place].filter((fact) => fact !== undefined);
  return (
    <li className={styles.app}>
      <AppIcon app={app} name={name} />
      <span className={styles.words}>
        <strong dir="auto">{name}</strong>
        {name !== app.id && <span className={styles.soft}>{app.id}</span>}
        {facts.length > 0 && (
          <span className={styles.soft}>
            {facts.map((fact, i) => (
              <Fragment key={fact}>
                {i > 0 && ' · '}
                <bdi>{fact}</bdi>
              </Fragment>
            ))}
          </span>
        )}
      </span>
      <span className={styles.kept}>
        <span>
          {app.files > 0 ? format.bytes(app.bytes) : <span className={styles.soft}>{words.keepsNothing}</span>}
        </span>
        {app.storeId !== undefined && (
          <span className={styles.store}>
            <Outside to={`https://apps.apple.com/app/id${app.storeId}`} label={words.inStoreLabel(name)}>
              {words.inStore}
            </Outside>
          </span>
        )}
      </span>
    </li>
  );
}

/** Its picture, or the first letter of its name. The name stands beside it: nothing is read out. */
function AppIcon({ app, name }: { readonly app: InstalledApp; readonly name: string }) {
  const version = useVersion();
  const [isBroken, setBroken] = useState(false);
  if (!app.hasIcon || isBroken) {
    return (
      <span className={styles.icon} aria-hidden="true">
        {/[\p{L}\p{N}]/u.exec(name)?.[0].toUpperCase()}
      </span>
    );
  }
  const address = contentAddress(version.id, ['installed-apps', app.id, 'icon']);
  return <img className={styles.icon} src={address} alt="" loading="lazy" onError={() => setBroken(true)} />;
}
