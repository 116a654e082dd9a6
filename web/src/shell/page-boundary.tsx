import { Component, Suspense, type ReactNode } from 'react';
import { ErrorState, LoadingState } from '../parts/states.tsx';

interface Props {
  /** Another value is another page: what went wrong in the last one is forgotten. */
  readonly address?: string;
  readonly children: ReactNode;
}

interface State {
  readonly error?: unknown;
  readonly address: string | undefined;
}

/** Waits for a page's code, and shows what went wrong in it without taking the rest along. */
export class PageBoundary extends Component<Props, State> {
  override state: State = { address: this.props.address };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error };
  }

  static getDerivedStateFromProps({ address }: Props, state: State): Partial<State> | null {
    return address === state.address ? null : { address, error: undefined };
  }

  override render(): ReactNode {
    if (this.state.error !== undefined) {
      // After an update the files of the old page are gone: loading it again is what helps in either case.
      return <ErrorState error={this.state.error} onRetry={() => location.reload()} />;
    }
    return <Suspense fallback={<LoadingState lines={4} />}>{this.props.children}</Suspense>;
  }
}
