import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Session, SetUp } from '../../../../src/contract/index.ts';
import { ask } from '../../api/api.ts';
import { sessionQuery } from '../../api/queries.ts';
import { useCheck } from '../../forms/use-check.ts';
import { Button } from '../../parts/button.tsx';
import { PasswordField, TextField } from '../../parts/field.tsx';
import { Form } from '../../parts/form.tsx';
import { Page } from '../../parts/page.tsx';
import { ProblemNote } from '../../parts/states.tsx';
import { LanguageSwitch } from '../../shell/language-switch.tsx';
import { Mark } from '../../shell/mark.tsx';
import { useLanguage } from '../../words/language.ts';
import { signInWords } from '../../words/sign-in.ts';
import { useWords } from '../../words/words.ts';
import styles from '../sign-in/sign-in-page.module.css';

/** The first account. The code proves that whoever makes it can read what the service prints. */
export default function SetUpPage() {
  const { set: words } = useWords(signInWords);
  const language = useLanguage();
  const client = useQueryClient();
  const [values, setValues] = useState({ code: '', name: '', password: '' });
  const { errors, submit } = useCheck();
  const setUp = useMutation({
    mutationFn: (body: SetUp) => ask('setup', Session, { method: 'POST', body }),
    onSuccess: (session) => client.setQueryData(sessionQuery.queryKey, session),
  });
  const change = (field: keyof typeof values) => (event: { target: { value: string } }) =>
    setValues({ ...values, [field]: event.target.value });
  return (
    <div className={styles.page}>
      <Mark size={44} />
      <Page title={words.title} lead={words.lead}>
        <Form onSubmit={() => submit(SetUp, { ...values, language }, (data) => setUp.mutate(data))}>
          <ProblemNote error={setUp.error} here={{ NOT_ALLOWED: words.wrongCode }} />
          <TextField
            label={words.code}
            help={words.codeHelp}
            autoComplete="one-time-code"
            autoCapitalize="characters"
            spellCheck={false}
            value={values.code}
            error={errors['code']}
            onChange={change('code')}
          />
          <TextField
            label={words.name}
            autoComplete="username"
            value={values.name}
            error={errors['name']}
            onChange={change('name')}
          />
          <PasswordField
            label={words.password}
            help={words.passwordHelp}
            autoComplete="new-password"
            value={values.password}
            error={errors['password']}
            onChange={change('password')}
          />
          <Button kind="primary" type="submit" busy={setUp.isPending}>
            {words.submit}
          </Button>
        </Form>
        <footer className={styles.footer}>
          <LanguageSwitch />
        </footer>
      </Page>
    </div>
  );
}
