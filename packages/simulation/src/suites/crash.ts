/** G1: no uncaught error in any run. The error as text; null when there was none. */
export function crashOf(run: () => void): string | null {
  try {
    run();
    return null;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
