import { useLocation } from 'wouter';
import { Button } from '../../../parts/button.tsx';
import { TextField } from '../../../parts/field.tsx';
import { filesWords } from '../../../words/files.ts';
import { useWords } from '../../../words/words.ts';
import { addressIn, useVersion } from '../version.ts';
import styles from './files.module.css';

/** Asks for the name of a file; what was asked for stands in the address. */
export function FindForm({ name }: { readonly name: string }) {
  const words = useWords(filesWords);
  const { base } = useVersion();
  const [, navigate] = useLocation();
  const files = addressIn(base, 'files');
  return (
    <search>
      <form
        key={name}
        className={styles.find}
        onSubmit={(event) => {
          event.preventDefault();
          const typed = new FormData(event.currentTarget).get('name');
          const wanted = typeof typed === 'string' ? typed.trim() : '';
          navigate(wanted === '' ? files : `${files}?${new URLSearchParams({ name: wanted }).toString()}`);
        }}
      >
        <TextField
          label={words.find}
          help={words.findHelp}
          name="name"
          type="search"
          defaultValue={name}
          maxLength={200}
        />
        <Button type="submit" icon="search">
          {words.go}
        </Button>
      </form>
    </search>
  );
}
