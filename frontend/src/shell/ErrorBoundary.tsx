import { Component, type ReactNode } from "react";
import { ErrorState } from "../ui/ErrorState";

interface ErrorBoundaryProps {
  /** Where the screen is, such as its route; a new value clears the error. */
  place: string;
  children: ReactNode;
}

/** Keeps the window usable when a screen breaks: says so, and offers to try again. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { details: string | null; place: string }> {
  override state = { details: null as string | null, place: this.props.place };

  static getDerivedStateFromError(cause: unknown) {
    return { details: cause instanceof Error ? `${cause.name}: ${cause.message}` : "unknown" };
  }

  static getDerivedStateFromProps(props: ErrorBoundaryProps, state: { place: string }) {
    return props.place === state.place ? null : { details: null, place: props.place };
  }

  override render() {
    if (this.state.details === null) return this.props.children;
    return (
      <ErrorState
        trouble={{
          message: "This screen stopped working.",
          hint: "Nothing was saved or sent by it. Try again, or go to another screen.",
          details: this.state.details,
        }}
        onRetry={() => this.setState({ details: null })}
      />
    );
  }
}
