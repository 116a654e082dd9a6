import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { SignedInPlace } from '../../../../src/contract/index.ts';
import { pathOf, tell } from '../../api/api.ts';
import { placesQuery } from '../../api/queries.ts';
import { Button } from '../../parts/button.tsx';
import { notify } from '../../parts/notices.tsx';
import { Section } from '../../parts/page.tsx';
import { Loaded, ProblemNote } from '../../parts/states.tsx';
import { useFormats } from '../../telling/use-formats.ts';
import { accountWords } from '../../words/accounts.ts';
import { useWords } from '../../words/words.ts';
import { browserName } from './browser-name.ts';
import styles from './you-page.module.css';

/** Every browser that is signed in with this account, each with the way out. */
export function PlacesSection() {
  const { own: words } = useWords(accountWords);
  const query = useQuery(placesQuery);
  return (
    <Section title={words.places}>
      <Loaded query={query} lines={2}>
        {(places) => (
          <ul className={styles.list}>
            {places.map((place) => (
              <PlaceItem key={place.id} place={place} />
            ))}
          </ul>
        )}
      </Loaded>
    </Section>
  );
}

function PlaceItem({ place }: { readonly place: SignedInPlace }) {
  const { own: words } = useWords(accountWords);
  const format = useFormats();
  const client = useQueryClient();
  const end = useMutation({
    mutationFn: () => tell(pathOf('sessions', place.id), { method: 'DELETE' }),
    onSuccess: () => {
      notify(words.signedOut);
      return client.invalidateQueries(placesQuery);
    },
  });
  const name = browserName(place.userAgent);
  return (
    <li className={styles.item}>
      <div>
        <p>
          {name} {place.current && <strong>({words.here})</strong>}
        </p>
        <p className={styles.soft}>{words.placeLine(format.ago(place.lastSeenAt), place.address)}</p>
        <ProblemNote error={end.error} />
      </div>
      {!place.current && (
        <Button busy={end.isPending} onClick={() => end.mutate()}>
          {words.signOutThere}
          <span className="unseen">: {name}</span>
        </Button>
      )}
    </li>
  );
}
