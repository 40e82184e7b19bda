/** From a submission of the protocol to the records of a trace: its body, and its parts. */
import type { Part, SubmissionBody } from '@choir/protocol';
import type { Body, PartFields } from '@choir/testkit/checkers';
import { payloadText } from './payload.ts';

export function bodyOf(body: SubmissionBody): Body {
  switch (body.kind) {
    case 'lock_request': {
      const { objects, wait, graceMs } = body;
      return { body: 'lock_request', objects, wait, graceMs };
    }
    case 'lock_release':
      return { body: 'lock_release', lockSet: body.lockSet, objects: body.objects };
    case 'lock_cancel':
      return { body: 'lock_cancel', request: body.request };
    case 'lock_break':
      return { body: 'lock_break', lockSet: body.lockSet };
    case 'create':
      return { body: 'create', stateful: body.stateful, absenceMs: body.absenceMs };
    default:
      return { body: body.kind };
  }
}

/** The parts of a message, in order; none of anything else. */
export function partsOf(body: SubmissionBody): readonly Part[] {
  return body.kind === 'message' ? body.parts : [];
}

export function partFields(part: Part): PartFields {
  switch (part.kind) {
    case 'bcast':
      return { part: 'bcast', exclusive: part.exclusive, data: payloadText(part.data) };
    case 'obj_state': {
      const { object, update, base, fence, data } = part;
      return { part: 'obj_state', object, update, base, fence, data: payloadText(data) };
    }
    case 'group_state': {
      const objects = part.objects.map(({ object }) => object);
      const contents = part.objects.map(({ data }) => payloadText(data));
      return { part: 'group_state', base: part.base, objects, contents };
    }
    default:
      return part satisfies never;
  }
}
