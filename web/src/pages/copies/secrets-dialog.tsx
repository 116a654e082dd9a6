import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CopySecretsPatch, type CopyOverview } from '../../../../src/contract/index.ts';
import { pathOf, tell } from '../../api/api.ts';
import { copiesQuery, statusQuery } from '../../api/queries.ts';
import { useCheck } from '../../forms/use-check.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { PasswordField } from '../../parts/field.tsx';
import { FieldGroup, Form, FormActions } from '../../parts/form.tsx';
import { notify } from '../../parts/notices.tsx';
import { ProblemNote } from '../../parts/states.tsx';
import { copySetUpWords } from '../../words/copy-set-up.ts';
import { partsWords } from '../../words/parts.ts';
import { useWords } from '../../words/words.ts';
import { credentialsOfPlace, secretsOf, type CopyDraft } from './copy-draft.ts';
import { CredentialFields } from './credential-fields.tsx';

interface SecretsDialogProps {
  readonly copy: Pick<CopyOverview, 'name' | 'place'>;
  readonly onClose: () => void;
}

/** Another password or other credentials for a repository: they are tried there before they take the place of the old. */
export function SecretsDialog({ copy: { name, place }, onClose }: SecretsDialogProps) {
  const { newSecrets: words } = useWords(copySetUpWords);
  const { cancel } = useWords(partsWords);
  const client = useQueryClient();
  const [password, setPassword] = useState('');
  const [credentials, setCredentials] = useState<CopyDraft['credentials']>({});
  const { errors, submit } = useCheck();
  const save = useMutation({
    mutationFn: (body: CopySecretsPatch) => tell(pathOf('copies', name, 'secrets'), { method: 'PUT', body }),
    // Nothing of it stays once the dialog is closed.
    gcTime: 0,
    onSuccess: async () => {
      await Promise.all([client.invalidateQueries(copiesQuery), client.invalidateQueries(statusQuery)]);
      notify(words.saved(name));
      onClose();
    },
  });
  const names = credentialsOfPlace(place);
  return (
    <Dialog open onClose={onClose} title={words.title(name)}>
      <Form onSubmit={() => submit(CopySecretsPatch, secretsOf(password, credentials), (body) => save.mutate(body))}>
        <p>{words.lead}</p>
        <PasswordField
          label={words.password}
          autoComplete="off"
          value={password}
          error={errors['password'] && words.nothing}
          onChange={(event) => setPassword(event.target.value)}
        />
        {names.length > 0 && (
          <FieldGroup title={words.credentials}>
            <CredentialFields names={names} credentials={credentials} onChange={setCredentials} />
          </FieldGroup>
        )}
        <ProblemNote error={save.error} here={words.here} />
        <FormActions>
          <Button kind="primary" type="submit" busy={save.isPending}>
            {words.save}
          </Button>
          <Button onClick={onClose}>{cancel}</Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}
