import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { AddedCopy, NewCopy } from '../../../../src/contract/index.ts';
import { ask } from '../../api/api.ts';
import { copiesQuery, statusQuery } from '../../api/queries.ts';
import { useCheck } from '../../forms/use-check.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { PasswordField, SelectField, SwitchField, TextField } from '../../parts/field.tsx';
import { FieldGroup, Form, FormActions } from '../../parts/form.tsx';
import { ProblemNote } from '../../parts/states.tsx';
import { copySetUpWords } from '../../words/copy-set-up.ts';
import { partsWords } from '../../words/parts.ts';
import { useWords } from '../../words/words.ts';
import { AddedDialog } from './added-dialog.tsx';
import { CREDENTIALS, isFolder, NEW_COPY, newCopyOf, PLACES, withPlace, type CopyDraft } from './copy-draft.ts';
import { CredentialFields } from './credential-fields.tsx';
import { HowFields } from './how-fields.tsx';

/** Sets up a copy, and shows the one time what was made for it. */
export function AddCopyDialog({ onClose }: { readonly onClose: () => void }) {
  const words = useWords(copySetUpWords);
  const { cancel } = useWords(partsWords);
  const client = useQueryClient();
  const [draft, setDraft] = useState(NEW_COPY);
  const { errors, submit } = useCheck();
  const add = useMutation({
    mutationFn: (body: NewCopy) => ask('copies', AddedCopy, { method: 'POST', body }),
    onSuccess: () => Promise.all([client.invalidateQueries(copiesQuery), client.invalidateQueries(statusQuery)]),
  });
  if (add.data) return <AddedDialog added={add.data} onClose={onClose} />;
  const change = (changed: Partial<CopyDraft>): void => setDraft({ ...draft, ...changed });
  const { place, name, address } = draft;
  return (
    <Dialog open onClose={onClose} title={words.title}>
      <Form onSubmit={() => submit(NewCopy, newCopyOf(draft), (body) => add.mutate(body))}>
        <SelectField
          label={words.place}
          help={words.placeHelp[place]}
          value={place}
          choices={PLACES.map((value) => ({ value, label: words.places[value] }))}
          onChange={({ target: { value } }) =>
            setDraft(withPlace(draft, PLACES.find((each) => each === value) ?? 'folder'))
          }
        />
        <TextField
          label={isFolder(place) ? words.folder : words.address}
          help={words.examples[place]}
          value={address}
          error={errors['dir'] ?? errors['repository']}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => change({ address: event.target.value })}
        />
        <TextField
          label={words.name}
          help={words.nameHelp}
          value={name}
          error={errors['name']}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => change({ name: event.target.value })}
        />
        <Secrets draft={draft} onChange={change} />
        <HowFields how={draft} errors={errors} onChange={change} />
        <ProblemNote error={add.error} here={words.here} />
        <FormActions>
          <Button kind="primary" type="submit" busy={add.isPending}>
            {words.add}
          </Button>
          <Button onClick={onClose}>{cancel}</Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}

interface SecretsProps {
  readonly draft: CopyDraft;
  readonly onChange: (changed: Partial<CopyDraft>) => void;
}

/** What the place asks for, and the password of the repository where there is one already. */
function Secrets({ draft: { place, credentials, password }, onChange }: SecretsProps) {
  const words = useWords(copySetUpWords);
  if (place === 'folder') return null;
  return (
    <FieldGroup title={words.secrets}>
      <CredentialFields
        names={CREDENTIALS[place]}
        credentials={credentials}
        onChange={(changed) => onChange({ credentials: changed })}
      />
      <SwitchField
        label={words.isThere}
        help={words.isThereHelp}
        checked={password !== undefined}
        onChange={(event) => onChange({ password: event.target.checked ? '' : undefined })}
      />
      {password !== undefined && (
        <PasswordField
          label={words.password}
          autoComplete="off"
          value={password}
          onChange={(event) => onChange({ password: event.target.value })}
        />
      )}
    </FieldGroup>
  );
}
