// Work that is to be done before this process ends, in whatever way it can see.

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Does the work once when the process exits or is asked to end by a signal. A signal that nobody else listens
 * for then ends the process as it would have.
 *
 * @param work must not wait for anything
 * @returns a function that forgets the work
 */
export function onProcessEnd(work: () => void): () => void {
  const onExit = (): void => {
    forget();
    work();
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    try {
      onExit();
    } finally {
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    }
  };
  const forget = (): void => {
    process.off('exit', onExit);
    for (const signal of signals) process.off(signal, onSignal);
  };
  process.on('exit', onExit);
  for (const signal of signals) process.on(signal, onSignal);
  return forget;
}
