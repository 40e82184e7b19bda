/** Requests that wait for an answer: each has a number, and the answer names it. */
import type { GroupName, ObjectId } from '@choir/protocol';

export type Request =
  /**
   * Groups whose block has not ended; `dropped` are those that are followed no longer: deleted, or left, by
   * what their block has brought so far. What it still brings means nothing.
   */
  | {
      readonly kind: 'join';
      readonly groups: Set<GroupName>;
      readonly dropped: Set<GroupName>;
    }
  | { readonly kind: 'watch'; readonly group: GroupName }
  | { readonly kind: 'read'; readonly group: GroupName; readonly objects: readonly ObjectId[] }
  | { readonly kind: 'status' }
  /** No longer wanted; the answer is on its way all the same. */
  | { readonly kind: 'dropped' };

export class Requests {
  readonly #requests = new Map<number, Request>();
  #last = 0;

  /** Reads and questions for the status that have no answer yet. */
  get reads(): number {
    let count = 0;
    for (const { kind } of this.#requests.values()) {
      if (kind === 'read' || kind === 'status') count += 1;
    }
    return count;
  }

  get all(): Iterable<[number, Request]> {
    return this.#requests;
  }

  add(request: Request): number {
    this.#last += 1;
    this.#requests.set(this.#last, request);
    return this.#last;
  }

  get(id: number): Request | null {
    return this.#requests.get(id) ?? null;
  }

  remove(id: number): void {
    this.#requests.delete(id);
  }

  dropJoin(group: GroupName): void {
    for (const request of this.#requests.values()) {
      if (request.kind === 'join' && request.groups.delete(group)) request.dropped.add(group);
    }
  }

  /** The block of a group has ended. */
  answered(id: number, group: GroupName): void {
    const request = this.#requests.get(id);
    if (request?.kind === 'join') {
      request.groups.delete(group);
      request.dropped.delete(group);
      if (request.groups.size + request.dropped.size > 0) return;
    }
    this.#requests.delete(id);
  }

  dropWatch(group: GroupName): void {
    for (const [id, request] of this.#requests) {
      if (request.kind === 'watch' && request.group === group) {
        this.#requests.set(id, { kind: 'dropped' });
      }
    }
  }

  /** Joins and watches are asked anew on the next connection; reads are repeated as they are. */
  disconnected(): void {
    for (const [id, { kind }] of this.#requests) {
      if (kind !== 'read' && kind !== 'status') this.#requests.delete(id);
    }
  }
}
