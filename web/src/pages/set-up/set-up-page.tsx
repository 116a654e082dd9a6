import { Page } from '../../parts/page.tsx';

export default function SetUpPage() {
  return <Page title="SetUp">{null}</Page>;
}
