import type { CopyCredential } from '../../../../src/contract/index.ts';
import { PasswordField } from '../../parts/field.tsx';
import { copySetUpWords } from '../../words/copy-set-up.ts';
import { useWords } from '../../words/words.ts';
import type { CopyDraft } from './copy-draft.ts';

interface CredentialFieldsProps {
  readonly names: readonly CopyCredential[];
  readonly credentials: CopyDraft['credentials'];
  readonly onChange: (credentials: CopyDraft['credentials']) => void;
}

/** What the place of a copy asks for. */
export function CredentialFields({ names, credentials, onChange }: CredentialFieldsProps) {
  const words = useWords(copySetUpWords);
  return names.map((each) => (
    <PasswordField
      key={each}
      label={words.credentials[each]}
      autoComplete="off"
      value={credentials[each] ?? ''}
      onChange={(event) => onChange({ ...credentials, [each]: event.target.value })}
    />
  ));
}
