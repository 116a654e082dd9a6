import type { ServerSettings, Settings } from '../../../../src/contract/index.ts';
import { NumberField, SelectField, SwitchField, TextAreaField, TextField } from '../../parts/field.tsx';
import { Section } from '../../parts/page.tsx';
import { LANGUAGES, isLanguage } from '../../words/language.ts';
import { settingsWords } from '../../words/settings.ts';
import { useWords } from '../../words/words.ts';
import { SettingsForm } from './settings-form.tsx';
import { useSettingsPart } from './use-settings-part.ts';

const HERE = '127.0.0.1';
const EVERYWHERE = '0.0.0.0';

/** Where the service answers, and in which language it writes. */
export function ServerSettingsPart({ settings }: { readonly settings: Settings }) {
  const { server: words, tabs } = useWords(settingsWords);
  const part = useSettingsPart(settings);
  const { server, language } = part.draft;
  const change = (changed: Partial<ServerSettings>): void =>
    part.change((draft) => ({ ...draft, server: { ...draft.server, ...changed } }));
  const place = server.host === HERE ? 'here' : server.host === EVERYWHERE ? 'everywhere' : 'other';
  return (
    <Section title={tabs.server} lead={words.lead}>
      <SettingsForm part={part}>
        <SelectField
          label={words.language}
          help={words.languageHelp}
          value={language}
          choices={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
          onChange={({ target }) =>
            part.change((draft) => ({ ...draft, language: isLanguage(target.value) ? target.value : draft.language }))
          }
        />
        <SelectField
          label={words.host}
          value={place}
          choices={[
            { value: 'here', label: words.hostHere },
            { value: 'everywhere', label: words.hostEverywhere },
            { value: 'other', label: words.hostOther },
          ]}
          onChange={({ target: { value } }) =>
            change({ host: value === 'here' ? HERE : value === 'everywhere' ? EVERYWHERE : '' })
          }
        />
        {place === 'other' && (
          <TextField
            label={words.address}
            value={server.host}
            error={part.errors['server.host']}
            onChange={(event) => change({ host: event.target.value })}
          />
        )}
        <NumberField
          label={words.port}
          value={server.port}
          error={part.errors['server.port']}
          onChange={(port) => change({ port })}
        />
        <TextField
          label={words.publicUrl}
          help={words.publicUrlHelp}
          optional
          type="url"
          value={server.publicUrl ?? ''}
          error={part.errors['server.publicUrl']}
          onChange={({ target: { value } }) => change({ publicUrl: value === '' ? undefined : value })}
        />
        <NamesField names={server.hosts} error={part.errors['server.hosts']} onChange={(hosts) => change({ hosts })} />
        <SwitchField
          label={words.plain}
          help={words.plainHelp}
          checked={server.allowPlainHttp}
          onChange={(event) => change({ allowPlainHttp: event.target.checked })}
        />
      </SettingsForm>
    </Section>
  );
}

interface NamesFieldProps {
  readonly names: readonly string[];
  readonly error: string | undefined;
  readonly onChange: (names: string[]) => void;
}

/** One name a line. It keeps its own text, so that an empty line can be typed on the way to the next name. */
function NamesField({ names, error, onChange }: NamesFieldProps) {
  const { server: words } = useWords(settingsWords);
  return (
    <TextAreaField
      label={words.hosts}
      help={words.hostsHelp}
      optional
      error={error}
      rows={3}
      defaultValue={names.join('\n')}
      onChange={({ target }) =>
        onChange(
          target.value
            .split('\n')
            .map((name) => name.trim())
            .filter((name) => name !== ''),
        )
      }
    />
  );
}
