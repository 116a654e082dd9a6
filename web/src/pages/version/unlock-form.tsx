import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from '../../parts/button.tsx';
import { PasswordField } from '../../parts/field.tsx';
import { Form, FormActions } from '../../parts/form.tsx';
import { ProblemNote } from '../../parts/states.tsx';
import { ApiProblem } from '../../api/api.ts';
import { versionWords } from '../../words/version.ts';
import { useWords } from '../../words/words.ts';
import { lockQuery, unlock } from './version-queries.ts';
import styles from './version-page.module.css';

/** The door of a locked version. */
export function UnlockForm({ id }: { readonly id: string }) {
  const words = useWords(versionWords);
  const client = useQueryClient();
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState(false);
  const opening = useMutation({
    mutationFn: () => unlock(id, { password }),
    onSuccess: (lock) => {
      client.removeQueries({ queryKey: ['content', id] });
      client.setQueryData(lockQuery(id).queryKey, lock);
    },
  });
  const wrong = opening.error instanceof ApiProblem && opening.error.code === 'WRONG_PASSWORD';
  const problem = missing ? words.unlock.missing : wrong ? words.unlock.wrong : undefined;
  return (
    <div className={styles.door}>
      <p>{words.unlock.why}</p>
      <Form
        onSubmit={() => {
          setMissing(password === '');
          if (password !== '' && !opening.isPending) opening.mutate();
        }}
      >
        <PasswordField
          label={words.unlock.password}
          help={words.unlock.help}
          error={problem}
          autoComplete="current-password"
          value={password}
          // It is what this page is for.
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          onChange={(event) => setPassword(event.target.value)}
        />
        {!wrong && <ProblemNote error={opening.error} />}
        <FormActions>
          <Button type="submit" kind="primary" icon="unlock" busy={opening.isPending}>
            {opening.isPending ? words.unlock.opening : words.unlock.open}
          </Button>
        </FormActions>
        <p className={styles.soft}>{words.unlock.relocks}</p>
      </Form>
    </div>
  );
}
