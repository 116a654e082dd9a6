import { useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { PasswordChange, type Account } from '../../../../../src/contract/index.ts';
import { pathOf, tell } from '../../../api/api.ts';
import { useCheck } from '../../../forms/use-check.ts';
import { Button } from '../../../parts/button.tsx';
import { Dialog } from '../../../parts/dialog.tsx';
import { PasswordField } from '../../../parts/field.tsx';
import { Form, FormActions } from '../../../parts/form.tsx';
import { notify } from '../../../parts/notices.tsx';
import { ProblemNote } from '../../../parts/states.tsx';
import { accountWords } from '../../../words/accounts.ts';
import { useWords } from '../../../words/words.ts';

interface PasswordDialogProps {
  readonly account: Account;
  readonly onClose: () => void;
}

/** Sets another password for somebody who has forgotten theirs. */
export function PasswordDialog({ account, onClose }: PasswordDialogProps) {
  const words = useWords(accountWords);
  const [password, setPassword] = useState('');
  const { errors, submit } = useCheck();
  const save = useMutation({
    mutationFn: (body: PasswordChange) => tell(pathOf('accounts', account.id, 'password'), { method: 'POST', body }),
    onSuccess: () => {
      notify(words.passwordSet);
      onClose();
    },
  });
  return (
    <Dialog open onClose={onClose} title={`${words.setPassword}: ${account.name}`}>
      <Form onSubmit={() => submit(PasswordChange, { password }, (body) => save.mutate(body))}>
        <PasswordField
          label={words.newPassword}
          help={words.passwordHelp}
          value={password}
          error={errors['password']}
          autoComplete="new-password"
          onChange={(event) => setPassword(event.target.value)}
        />
        <ProblemNote error={save.error} />
        <FormActions>
          <Button kind="primary" type="submit" busy={save.isPending}>
            {words.setPassword}
          </Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}
