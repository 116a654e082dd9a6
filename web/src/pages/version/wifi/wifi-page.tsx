import { useDeferredValue, useState } from 'react';
import { useSearchParams } from 'wouter';
import { WifiNetworks } from '../../../../../src/contract/index.ts';
import { EmptyState } from '../../../parts/states.tsx';
import { versionWords } from '../../../words/version.ts';
import { wifiWords } from '../../../words/wifi.ts';
import { useWords } from '../../../words/words.ts';
import { Endless } from '../endless.tsx';
import { FindBox } from '../find-box.tsx';
import { KindPage } from '../kind-page.tsx';
import { NetworkItem } from './network-item.tsx';
import { useShownPassword } from './use-shown-password.ts';
import styles from './wifi-page.module.css';

/** The networks the device knew. Their passwords are not among what is read: each is asked for by itself. */
export default function WifiPage() {
  const { kinds } = useWords(versionWords);
  const words = useWords(wifiWords);
  const [search] = useSearchParams();
  const asked = search.get('q') ?? '';
  return (
    <KindPage title={kinds.wifi} lead={words.lead}>
      {/* Another search in the address looks for something else. */}
      <Found key={asked} asked={asked} />
    </KindPage>
  );
}

function Found({ asked }: { readonly asked: string }) {
  const words = useWords(wifiWords);
  const [typed, setTyped] = useState(asked);
  const wanted = useDeferredValue(typed.trim());
  const shown = useShownPassword();
  return (
    <>
      <div className={styles.find}>
        <FindBox label={words.find} value={typed} onChange={setTyped} />
      </div>
      <Endless
        key={wanted}
        path={['wifi']}
        schema={WifiNetworks}
        query={wanted === '' ? {} : { q: wanted }}
        empty={<EmptyState title={wanted === '' ? words.none : words.notFound} />}
      >
        {(networks, { passwords }) => (
          <>
            {words.passwords[passwords] !== undefined && <p className={styles.note}>{words.passwords[passwords]}</p>}
            <ul>
              {networks.map((network) => (
                <NetworkItem key={network.id} network={network} shown={shown} tellsLack={passwords === 'readable'} />
              ))}
            </ul>
          </>
        )}
      </Endless>
    </>
  );
}
