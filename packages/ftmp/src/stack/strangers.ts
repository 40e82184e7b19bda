/**
 * Datagrams from processors that are not in the group, as far as this one knows: those who were removed are told so, others that
 * the group exists. And what such telling means to this processor (P5).
 */
import { compareViews, type ProcessorId, type ViewId } from '../ids.ts';
import { viewIdOf } from '../pgmp/changes.ts';
import type { BodyOf } from '../wire/index.ts';
import type { Doubts } from './doubts.ts';
import type { GroupState } from './group-state.ts';
import type { Telling } from './telling.ts';

/** Why a datagram of this group was not taken; `full`: it asks for more than there is room for. */
export type Ignored = 'stranger' | 'departed' | 'absurd' | 'twin' | 'misplaced' | 'rival' | 'full';

/** So long a blocked processor hears of a later configuration before it believes that it was removed, in milliseconds. */
const doubtMs = 2_000;

export class Strangers {
  readonly #state: GroupState;
  readonly #doubts: Doubts;
  readonly #telling: Telling<ProcessorId>;
  /** Since when this processor, blocked, hears of a later configuration of its group. */
  #doubtSince: number | null = null;
  /** Since when this processor hears that it has left. */
  #leftSince: number | null = null;

  constructor(
    state: GroupState,
    { doubts, telling }: { readonly doubts: Doubts; readonly telling: Telling<ProcessorId> },
  ) {
    this.#state = state;
    this.#doubts = doubts;
    this.#telling = telling;
  }

  /** A stranger sends as if it were a member. */
  heard(source: ProcessorId): Ignored {
    const { departed, sender, view, isInstalled, now } = this.#state;
    const without = departed.get(source);
    const isDeparted = without !== undefined;
    if (!isInstalled || !this.#telling.may(source, now))
      return isDeparted ? 'departed' : 'stranger';
    if (isDeparted) {
      // Who leaves knows by the view of its removal that this is stable, however far the group has come since.
      const body = { type: 'refuse', processor: source, reason: 'excluded' } as const;
      sender.apart({ ...body, view: without ?? view }, source);
      return 'departed';
    }
    if (this.#doubts.isPrimary) announce(this.#state, { to: source, primary: true });
    return 'stranger';
  }

  refuseHeard(from: ProcessorId, body: BodyOf<'refuse'>): Ignored | null {
    const state = this.#state;
    const { configuration, members } = state;
    if (body.processor !== state.self) return 'misplaced';
    const isJoining = members.length === 0;
    if (body.reason === 'excluded') {
      const isLater = members.includes(from) && compareViews(body.view, configuration) > 0;
      if (!isJoining && !isLater) return 'misplaced';
      if (this.#hasLeft(body.view)) state.installedElsewhere = body.view;
      else state.exclude();
    } else if (isJoining) {
      state.emit({ kind: 'refused', group: state.id, reason: body.reason });
    }
    return null;
  }

  /**
   * The others have gone on to the view that this processor's own RemoveProcessor makes: that is stable. Where it has to hear more of
   * them first, which they do not send it any more, it is excluded after all.
   */
  #hasLeft(view: ViewId): boolean {
    const { standing, changes, self, now, surroundings } = this.#state;
    if (standing !== 'leaving') return false;
    const own = changes.find(({ body }) => body.type === 'removeProcessor' && body.member === self);
    if (own === undefined || compareViews(viewIdOf(own), view) !== 0) return false;
    this.#leftSince ??= now;
    return now - this.#leftSince < surroundings.settings.lingerMs;
  }

  /** The group exists: of another lineage it is a rival; a later configuration of this one has been made without this processor. */
  announceHeard(from: ProcessorId, body: BodyOf<'announce'>): Ignored | null {
    const state = this.#state;
    const { lineage, configuration, isInstalled, members, now } = state;
    if (compareViews(body.lineage, lineage) !== 0) return 'rival';
    // It tells those who ask of a minority, which nobody can go by.
    if (!body.primary) return null;
    const isLater = compareViews(body.configuration, configuration) > 0;
    if (!isInstalled) {
      // It was added by somebody who was removed: had it gone on with the others, this one would know it.
      if (isLater) state.exclude();
      return null;
    }
    if (!isLater || members.includes(from) || this.#doubts.isPrimary) {
      this.#doubtSince = null;
      return null;
    }
    this.#doubtSince ??= now;
    if (now - this.#doubtSince >= doubtMs) state.exclude();
    return null;
  }
}

/** Tells a processor that the group exists, and whether this one is in a primary view of it. */
export function announce(
  state: GroupState,
  { to, primary }: { readonly to: ProcessorId; readonly primary: boolean },
): void {
  const { sender, lineage, configuration, view, members, surroundings } = state;
  const place = { lineage, configuration, view, address: surroundings.address };
  const size = { primary, members: members.length };
  sender.apart({ type: 'announce', ...place, ...size }, to);
}
