import { useState, type FormEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocation, useSearchParams } from 'wouter';
import { Button, IconButton } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { notify } from '../../parts/notices.tsx';
import { versionWords } from '../../words/version.ts';
import { useWords } from '../../words/words.ts';
import { forgetContent, lockNow, lockQuery } from './version-queries.ts';
import { useVersion } from './version.ts';
import styles from './version-page.module.css';

/** On top of every page of a version: the search, and the lock. */
export function VersionBar({ canLock }: { readonly canLock: boolean }) {
  const words = useWords(versionWords);
  const { id } = useVersion();
  const client = useQueryClient();
  const locking = useMutation({
    mutationFn: () => lockNow(id),
    onSuccess: (lock) => {
      client.setQueryData(lockQuery(id).queryKey, lock);
      forgetContent(client, id);
      notify(words.locked);
    },
  });
  return (
    <div className={styles.bar}>
      <SearchBox />
      {canLock && (
        <>
          <span className={styles.wideLock}>
            <Button kind="quiet" icon="lock" busy={locking.isPending} onClick={() => locking.mutate()}>
              {words.lockNow}
            </Button>
          </span>
          <span className={styles.narrowLock}>
            <IconButton icon="lock" label={words.lockNow} onClick={() => locking.mutate()} />
          </span>
        </>
      )}
    </div>
  );
}

function SearchBox() {
  const words = useWords(versionWords);
  const { base } = useVersion();
  const [location, navigate] = useLocation();
  const [search] = useSearchParams();
  const onSearch = location.startsWith(`${base}/search`);
  const asked = onSearch ? (search.get('q') ?? '') : '';
  const askedAll = onSearch && search.get('versions') === 'all';
  const go = (query: string, all: boolean): void => {
    const asking = new URLSearchParams({ q: query });
    if (all) asking.set('versions', 'all');
    navigate(`${base}/search?${asking.toString()}`, { replace: onSearch });
  };
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const query = form.get('q');
    if (typeof query === 'string' && query.trim() !== '') go(query.trim(), form.get('versions') === 'all');
  };
  return (
    <search className={styles.searchBox}>
      {/* Another search in the address is another form: what stood in the old one goes. */}
      <form key={`${asked} ${String(askedAll)}`} onSubmit={submit}>
        <span className={styles.searchField}>
          <Icon name="search" />
          <input
            type="search"
            name="q"
            defaultValue={asked}
            aria-label={words.search}
            placeholder={words.search}
            maxLength={200}
            enterKeyHint="search"
            autoComplete="off"
          />
        </span>
        <AllVersions chosen={askedAll} onChange={(all) => onSearch && asked !== '' && go(asked, all)} />
      </form>
    </search>
  );
}

function AllVersions({ chosen, onChange }: { readonly chosen: boolean; readonly onChange: (all: boolean) => void }) {
  const words = useWords(versionWords);
  const [all, setAll] = useState(chosen);
  return (
    <label className={styles.switch}>
      <input
        type="checkbox"
        name="versions"
        value="all"
        checked={all}
        onChange={(event) => {
          setAll(event.target.checked);
          onChange(event.target.checked);
        }}
      />
      {words.inAllVersions}
    </label>
  );
}
