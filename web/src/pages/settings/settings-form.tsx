import type { ReactNode } from 'react';
import { Button } from '../../parts/button.tsx';
import { Form, FormActions } from '../../parts/form.tsx';
import { ProblemNote } from '../../parts/states.tsx';
import { formWords } from '../../words/forms.ts';
import { useWords } from '../../words/words.ts';
import type { useSettingsPart } from './use-settings-part.ts';

interface SettingsFormProps {
  readonly part: ReturnType<typeof useSettingsPart>;
  readonly children: ReactNode;
}

/** Fields of the settings with what saves them. */
export function SettingsForm({ part, children }: SettingsFormProps) {
  const words = useWords(formWords);
  return (
    <Form onSubmit={part.save}>
      {children}
      <ProblemNote error={part.error} />
      <FormActions>
        <Button kind="primary" type="submit" busy={part.saving} disabled={!part.changed}>
          {words.save}
        </Button>
        {part.changed && (
          <>
            <Button onClick={part.discard}>{words.discard}</Button>
            <span>{words.unsaved}</span>
          </>
        )}
      </FormActions>
    </Form>
  );
}
