import { useSearchParams } from 'wouter';
import { WifiNetworks } from '../../../../../src/contract/index.ts';
import { versionWords } from '../../../words/version.ts';
import { wifiWords } from '../../../words/wifi.ts';
import { useWords } from '../../../words/words.ts';
import { FoundList } from '../found-list.tsx';
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
  const shown = useShownPassword();
  return (
    <FoundList
      path={['wifi']}
      schema={WifiNetworks}
      find={words.find}
      asked={asked}
      none={words.none}
      notFound={words.notFound}
      className={styles.find}
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
    </FoundList>
  );
}
