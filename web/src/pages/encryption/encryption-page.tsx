import { useQuery } from '@tanstack/react-query';
import type { DeviceOverview, EncryptionRequest } from '../../../../src/contract/index.ts';
import { deviceQuery } from '../../api/queries.ts';
import { Page, Section } from '../../parts/page.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import type { PageProps } from '../../routes.tsx';
import { encryptionWords } from '../../words/encryption.ts';
import { useWords } from '../../words/words.ts';
import { ChangeEncryption } from './change-encryption.tsx';

/** Turns the encryption of a device's backups on or off, or changes their password; says why one wants it. */
export default function EncryptionPage({ params }: PageProps) {
  const { udid = '' } = params;
  const words = useWords(encryptionWords);
  const query = useQuery(deviceQuery(udid));
  const name = query.data?.name ?? '';
  return (
    <Page title={words.title} lead={words.why} back={{ to: `/devices/${encodeURIComponent(udid)}`, label: name }}>
      <Loaded query={query}>{(device) => <Encryption device={device} />}</Loaded>
    </Page>
  );
}

function Encryption({ device }: { readonly device: DeviceOverview }) {
  const words = useWords(encryptionWords);
  const { encrypted, name, link } = device;
  const state = encrypted === undefined ? words.unknown(name) : encrypted ? words.isOn(name) : words.isOff(name);
  const kinds: readonly EncryptionRequest['kind'][] = encrypted === true ? ['change', 'off'] : ['on'];
  return (
    <>
      <p>
        <strong>{state}</strong>
      </p>
      {link === undefined ? (
        <EmptyState icon="cable" title={words.notConnected} />
      ) : (
        kinds.map((kind) => (
          <Section key={kind} title={words[kind]} lead={kind === 'off' ? words.offWarning : undefined}>
            <ChangeEncryption kind={kind} udid={device.udid} />
          </Section>
        ))
      )}
      <Section title={words.forgotten} lead={words.forgottenText}>
        {null}
      </Section>
    </>
  );
}
