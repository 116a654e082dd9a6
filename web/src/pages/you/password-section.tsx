import { useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { PasswordChange, type Account } from '../../../../src/contract/index.ts';
import { pathOf, tell } from '../../api/api.ts';
import { useCheck } from '../../forms/use-check.ts';
import { Button } from '../../parts/button.tsx';
import { PasswordField } from '../../parts/field.tsx';
import { Form } from '../../parts/form.tsx';
import { notify } from '../../parts/notices.tsx';
import { Section } from '../../parts/page.tsx';
import { ProblemNote } from '../../parts/states.tsx';
import { accountWords } from '../../words/accounts.ts';
import { useWords } from '../../words/words.ts';

const EMPTY = { present: '', password: '' };

/** Another password for oneself; the present one proves that it is oneself. */
export function PasswordSection({ account }: { readonly account: Account }) {
  const words = useWords(accountWords);
  const [values, setValues] = useState(EMPTY);
  const { errors, submit } = useCheck();
  const change = useMutation({
    mutationFn: (body: PasswordChange) => tell(pathOf('accounts', account.id, 'password'), { method: 'POST', body }),
    onSuccess: () => {
      setValues(EMPTY);
      notify(words.own.changed);
    },
  });
  return (
    <Section title={words.own.password}>
      <Form onSubmit={() => submit(PasswordChange, values, (body) => change.mutate(body))}>
        <PasswordField
          label={words.own.present}
          autoComplete="current-password"
          value={values.present}
          error={errors['present']}
          onChange={(event) => setValues({ ...values, present: event.target.value })}
        />
        <PasswordField
          label={words.newPassword}
          autoComplete="new-password"
          value={values.password}
          error={errors['password']}
          onChange={(event) => setValues({ ...values, password: event.target.value })}
        />
        <ProblemNote error={change.error} />
        <Button type="submit" busy={change.isPending}>
          {words.own.change}
        </Button>
      </Form>
    </Section>
  );
}
