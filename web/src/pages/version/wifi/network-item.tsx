import type { WifiNetwork } from '../../../../../src/contract/index.ts';
import { Button } from '../../../parts/button.tsx';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { ProblemNote } from '../../../parts/states.tsx';
import { wifiWords } from '../../../words/wifi.ts';
import { useWords } from '../../../words/words.ts';
import { When } from '../when.tsx';
import type { ShownPassword } from './use-shown-password.ts';
import styles from './wifi-page.module.css';

interface NetworkItemProps {
  readonly network: WifiNetwork;
  readonly shown: ShownPassword;
  /** Whether it is said of one network that its password is not there; else it is said of all. */
  readonly tellsLack: boolean;
}

export function NetworkItem({ network, shown, tellsLack }: NetworkItemProps) {
  const words = useWords(wifiWords);
  const { name, security, isOpen, isHidden, isCaptive, lastJoinedAt, addedAt, hasPassword } = network;
  const kinds = [
    isOpen ? words.open : security,
    isHidden === true && words.hidden,
    isCaptive === true && words.captive,
  ];
  const at = lastJoinedAt ?? addedAt;
  return (
    <li className={styles.network}>
      <div className={styles.words}>
        <h2 dir="auto">{name}</h2>
        <p className={styles.soft}>{kinds.filter((kind) => typeof kind === 'string').join(' · ')}</p>
        {at !== undefined && (
          <p className={styles.soft}>
            {lastJoinedAt === undefined ? words.added : words.joined}: <When at={at} />
          </p>
        )}
      </div>
      {hasPassword ? (
        <Password network={network} shown={shown} />
      ) : (
        tellsLack && !isOpen && <p className={styles.soft}>{words.noPassword}</p>
      )}
    </li>
  );
}

function Password({ network: { id, name }, shown }: Pick<NetworkItemProps, 'network' | 'shown'>) {
  const words = useWords(wifiWords);
  const isThis = shown.network === id;
  const password = isThis ? shown.password : undefined;
  return (
    <div className={styles.password}>
      <div role="status">
        {password !== undefined && (
          <>
            <code className={styles.secret}>{password.password}</code>
            {password.isHex && <p className={styles.soft}>{words.isHex}</p>}
          </>
        )}
      </div>
      {isThis && <ProblemNote error={shown.error} />}
      <div className={styles.actions}>
        {password !== undefined && <CopyButton text={password.password} />}
        <Button
          kind={password === undefined ? 'plain' : 'quiet'}
          busy={isThis && shown.isAsking}
          aria-label={password === undefined ? words.showOf(name) : words.hideOf(name)}
          onClick={() => (password === undefined ? shown.show(id) : shown.hide())}
        >
          {password === undefined ? words.show : words.hide}
        </Button>
      </div>
    </div>
  );
}
