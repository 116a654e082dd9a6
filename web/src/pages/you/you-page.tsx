import { Page } from '../../parts/page.tsx';

export default function YouPage() {
  return <Page title="You">{null}</Page>;
}
