import { chooseLanguage, LANGUAGES, useLanguage, type Language } from '../words/language.ts';
import { shellWords } from '../words/shell.ts';
import { useWords } from '../words/words.ts';
import styles from './language-switch.module.css';

interface LanguageSwitchProps {
  /** After it is shown: where it is to be remembered elsewhere, too. */
  readonly onChoose?: (language: Language) => void;
}

/** Each language under its own name, so that whoever does not read the other finds it. */
export function LanguageSwitch({ onChoose }: LanguageSwitchProps) {
  const words = useWords(shellWords);
  const current = useLanguage();
  return (
    <fieldset className={styles.switch}>
      <legend className="unseen">{words.language}</legend>
      {(['en', 'de'] as const).map((language) => (
        <label key={language} lang={language}>
          <input
            type="radio"
            name="language"
            checked={language === current}
            onChange={() => {
              chooseLanguage(language);
              onChoose?.(language);
            }}
          />
          {LANGUAGES[language]}
        </label>
      ))}
    </fieldset>
  );
}
