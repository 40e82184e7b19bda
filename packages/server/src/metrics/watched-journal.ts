/** A journal whose commits are timed, from the request to the answer. */
import type { Journal } from '@choir/journal';

export function watchedJournal(
  journal: Journal,
  committed: (entries: number, ms: number) => void,
): Journal {
  return {
    request(request, reply) {
      // A commit of rows alone holds nobody up.
      if (request.kind !== 'commit' || request.entries.length === 0) {
        journal.request(request, reply);
        return;
      }
      const began = performance.now();
      const entries = request.entries.length;
      journal.request(request, (answer) => {
        if (answer.kind === 'committed') committed(entries, performance.now() - began);
        reply(answer);
      });
    },
    sizes: () => journal.sizes(),
    backup: (directory) => journal.backup(directory),
    flush: () => journal.flush(),
    close: (how) => journal.close(how),
  };
}
