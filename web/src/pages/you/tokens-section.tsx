import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ApiToken } from '../../../../src/contract/index.ts';
import { pathOf, tell } from '../../api/api.ts';
import { tokensQuery } from '../../api/queries.ts';
import { Button, IconButton } from '../../parts/button.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { notify } from '../../parts/notices.tsx';
import { Section } from '../../parts/page.tsx';
import { Loaded } from '../../parts/states.tsx';
import { useFormats } from '../../telling/use-formats.ts';
import { accountWords } from '../../words/accounts.ts';
import { useWords } from '../../words/words.ts';
import { TokenDialog } from './token-dialog.tsx';
import styles from './you-page.module.css';

/** Programs that may ask the service something. */
export function TokensSection() {
  const { own: words } = useWords(accountWords);
  const query = useQuery(tokensQuery);
  const [making, setMaking] = useState(false);
  const [removing, setRemoving] = useState<ApiToken>();
  return (
    <Section
      title={words.tokens}
      lead={words.tokensLead}
      actions={
        <Button icon="add" onClick={() => setMaking(true)}>
          {words.makeToken}
        </Button>
      }
    >
      <Loaded query={query} lines={2} empty={<p className={styles.soft}>{words.noTokens}</p>}>
        {(tokens) => (
          <ul className={styles.list}>
            {tokens.map((token) => (
              <TokenItem key={token.id} token={token} onRemove={() => setRemoving(token)} />
            ))}
          </ul>
        )}
      </Loaded>
      {making && <TokenDialog onClose={() => setMaking(false)} />}
      {removing && <RemoveTokenDialog token={removing} onClose={() => setRemoving(undefined)} />}
    </Section>
  );
}

interface TokenItemProps {
  readonly token: ApiToken;
  readonly onRemove: () => void;
}

function TokenItem({ token, onRemove }: TokenItemProps) {
  const { own: words } = useWords(accountWords);
  const format = useFormats();
  const facts = [
    ...token.scopes.map((scope) => words.scopes[scope]),
    token.lastUsedAt === undefined ? words.unused : words.used(format.ago(token.lastUsedAt)),
    token.expiresAt === undefined ? words.never : words.endsAt(format.day(token.expiresAt)),
  ];
  return (
    <li className={styles.item}>
      <div>
        <p>{token.name}</p>
        <p className={styles.soft}>{facts.join(' · ')}</p>
      </div>
      <IconButton icon="trash" label={words.removeToken(token.name)} onClick={onRemove} />
    </li>
  );
}

interface RemoveTokenDialogProps {
  readonly token: ApiToken;
  readonly onClose: () => void;
}

function RemoveTokenDialog({ token, onClose }: RemoveTokenDialogProps) {
  const { own: words, remove: removeWord } = useWords(accountWords);
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => tell(pathOf('tokens', token.id), { method: 'DELETE' }),
    onSuccess: async () => {
      await client.invalidateQueries(tokensQuery);
      notify(words.tokenRemoved(token.name));
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={words.removeToken(token.name)}
      yes={removeWord}
      onYes={() => remove.mutate()}
      onClose={onClose}
      busy={remove.isPending}
      error={remove.error}
    >
      {words.removeTokenText}
    </ConfirmDialog>
  );
}
