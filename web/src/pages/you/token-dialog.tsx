import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { MadeToken, NewToken, TokenScope } from '../../../../src/contract/index.ts';
import { ask } from '../../api/api.ts';
import { tokensQuery } from '../../api/queries.ts';
import { useCheck } from '../../forms/use-check.ts';
import { Button } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { SelectField, SwitchField, TextField } from '../../parts/field.tsx';
import { FieldGroup, Form, FormActions } from '../../parts/form.tsx';
import { ProblemNote } from '../../parts/states.tsx';
import { accountWords } from '../../words/accounts.ts';
import { useWords } from '../../words/words.ts';
import styles from './you-page.module.css';

const DAY_MS = 86_400_000;
const EXPIRY_DAYS = { never: undefined, month: 30, year: 365 } as const;

type Expiry = keyof typeof EXPIRY_DAYS;

/** Makes a token and shows it the one time it can be seen. */
export function TokenDialog({ onClose }: { readonly onClose: () => void }) {
  const { own: words } = useWords(accountWords);
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly TokenScope[]>(['status']);
  const [expiry, setExpiry] = useState<Expiry>('year');
  const { errors, submit } = useCheck();
  const make = useMutation({
    mutationFn: (body: NewToken) => ask('tokens', MadeToken, { method: 'POST', body }),
    onSuccess: () => client.invalidateQueries(tokensQuery),
  });
  if (make.data) {
    return (
      <Dialog open onClose={onClose} title={words.made}>
        <p>{words.madeText}</p>
        <p className={styles.token}>
          <code>{make.data.token}</code>
        </p>
        <FormActions>
          <CopyButton text={make.data.token} />
        </FormActions>
      </Dialog>
    );
  }
  const days = EXPIRY_DAYS[expiry];
  const send = (): void =>
    submit(
      NewToken,
      { name, scopes, ...(days && { expiresAt: new Date(Date.now() + days * DAY_MS).toISOString() }) },
      (body) => make.mutate(body),
    );
  return (
    <Dialog open onClose={onClose} title={words.makeToken}>
      <Form onSubmit={send}>
        <TextField
          label={words.tokenName}
          value={name}
          error={errors['name']}
          onChange={(event) => setName(event.target.value)}
        />
        <FieldGroup title={words.scopesTitle}>
          {TokenScope.options.map((scope) => (
            <SwitchField
              key={scope}
              label={words.scopes[scope]}
              checked={scopes.includes(scope)}
              onChange={({ target: { checked } }) =>
                setScopes(checked ? [...scopes, scope] : scopes.filter((each) => each !== scope))
              }
            />
          ))}
          {errors['scopes'] && <p role="alert">{errors['scopes']}</p>}
        </FieldGroup>
        <SelectField
          label={words.expires}
          value={expiry}
          choices={(['month', 'year', 'never'] as const).map((value) => ({ value, label: words.expiry[value] }))}
          onChange={({ target: { value } }) => setExpiry(value === 'month' || value === 'never' ? value : 'year')}
        />
        <ProblemNote error={make.error} />
        <FormActions>
          <Button kind="primary" type="submit" busy={make.isPending}>
            {words.makeToken}
          </Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}
