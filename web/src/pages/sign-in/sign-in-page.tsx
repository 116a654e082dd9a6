import { Page } from '../../parts/page.tsx';

export default function SignInPage() {
  return <Page title="SignIn">{null}</Page>;
}
