import { Page } from '../../parts/page.tsx';

export default function AccountsPage() {
  return <Page title="Accounts">{null}</Page>;
}
