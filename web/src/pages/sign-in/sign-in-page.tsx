import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'wouter';
import { Session, SignIn } from '../../../../src/contract/index.ts';
import { ask } from '../../api/api.ts';
import { sessionQuery } from '../../api/queries.ts';
import { useCheck } from '../../forms/use-check.ts';
import { Form } from '../../parts/form.tsx';
import { Button } from '../../parts/button.tsx';
import { PasswordField, TextField } from '../../parts/field.tsx';
import { Page } from '../../parts/page.tsx';
import { ProblemNote } from '../../parts/states.tsx';
import { LanguageSwitch } from '../../shell/language-switch.tsx';
import { Mark } from '../../shell/mark.tsx';
import { signInWords } from '../../words/sign-in.ts';
import { useWords } from '../../words/words.ts';
import styles from './sign-in-page.module.css';

/** Name and password. The address stays: whoever followed a link is there after signing in. */
export default function SignInPage() {
  const words = useWords(signInWords);
  const client = useQueryClient();
  const [values, setValues] = useState({ name: '', password: '' });
  const { errors, submit } = useCheck();
  const signIn = useMutation({
    mutationFn: (body: SignIn) => ask('session', Session, { method: 'POST', body }),
    onSuccess: (session) => {
      // What another account was shown is not for this one.
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
      client.setQueryData(sessionQuery.queryKey, session);
    },
  });
  return (
    <div className={styles.page}>
      <Mark size={44} />
      <Page title={words.title}>
        <Form onSubmit={() => submit(SignIn, values, (data) => signIn.mutate(data))}>
          <ProblemNote error={signIn.error} />
          <TextField
            label={words.name}
            autoComplete="username"
            autoCapitalize="words"
            value={values.name}
            error={errors['name']}
            onChange={(event) => setValues({ ...values, name: event.target.value })}
          />
          <PasswordField
            label={words.password}
            autoComplete="current-password"
            value={values.password}
            error={errors['password']}
            onChange={(event) => setValues({ ...values, password: event.target.value })}
          />
          <Button kind="primary" type="submit" busy={signIn.isPending}>
            {words.submit}
          </Button>
        </Form>
        <footer className={styles.footer}>
          <p>
            <Link href="/lost-phone">{words.lost}</Link>
          </p>
          <LanguageSwitch />
        </footer>
      </Page>
    </div>
  );
}
