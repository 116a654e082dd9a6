import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { RestorableKind, VersionApps } from '../../../../src/contract/index.ts';
import { ask, pathOf } from '../../api/api.ts';
import { SwitchField, TextField } from '../../parts/field.tsx';
import { FieldGroup } from '../../parts/form.tsx';
import { Loaded } from '../../parts/states.tsx';
import { restorePartsWords } from '../../words/restore-parts.ts';
import { useWords } from '../../words/words.ts';
import styles from './parts-choice.module.css';

/** With more apps than this there is a field to look for one. */
const MANY_APPS = 12;

/** What apps a version has; no password is needed for that. */
export const appsQuery = (version: string) =>
  queryOptions({
    queryKey: ['content', version, 'restorable-apps'],
    queryFn: ({ signal }) => ask(pathOf('snapshots', version, 'apps'), VersionApps, { signal }),
    staleTime: Infinity,
  });

interface PartsChoiceProps {
  readonly version: string;
  readonly only: readonly string[];
  readonly onChange: (only: readonly string[]) => void;
}

/** What is to come back by itself: kinds of things, and all that an app keeps. */
export function PartsChoice({ version, only, onChange }: PartsChoiceProps) {
  const words = useWords(restorePartsWords);
  const apps = useQuery(appsQuery(version));
  const toggle = (part: string, isChosen: boolean): void =>
    onChange(isChosen ? [...only, part] : only.filter((each) => each !== part));
  return (
    <>
      <p className={styles.note}>{words.note}</p>
      <FieldGroup title={words.kindsTitle}>
        <div className={styles.kinds}>
          {RestorableKind.options.map((kind) => (
            <SwitchField
              key={kind}
              label={words.kinds[kind]}
              help={words.kindHelp[kind]}
              checked={only.includes(kind)}
              onChange={(event) => toggle(kind, event.target.checked)}
            />
          ))}
        </div>
      </FieldGroup>
      <FieldGroup title={words.appsTitle}>
        <Loaded query={apps} lines={3} empty={<p>{words.noApps}</p>}>
          {(all) => <Apps apps={all} only={only} onToggle={toggle} />}
        </Loaded>
      </FieldGroup>
    </>
  );
}

interface AppsProps {
  readonly apps: VersionApps;
  readonly only: readonly string[];
  readonly onToggle: (part: string, isChosen: boolean) => void;
}

/** Those that are chosen stay in sight whatever is looked for. */
function Apps({ apps, only, onToggle }: AppsProps) {
  const words = useWords(restorePartsWords);
  const [sought, setSought] = useState('');
  const needle = sought.trim().toLowerCase();
  const shown = apps.filter(
    ({ id, name }) => only.includes(`app:${id}`) || `${name} ${id}`.toLowerCase().includes(needle),
  );
  return (
    <>
      {apps.length > MANY_APPS && (
        <TextField
          type="search"
          label={words.findApp}
          value={sought}
          onChange={(event) => setSought(event.target.value)}
        />
      )}
      <div className={styles.apps}>
        {shown.map(({ id, name }) => (
          <SwitchField
            key={id}
            label={name}
            checked={only.includes(`app:${id}`)}
            onChange={(event) => onToggle(`app:${id}`, event.target.checked)}
          />
        ))}
        {shown.length === 0 && <p>{words.noSuchApp}</p>}
      </div>
    </>
  );
}
