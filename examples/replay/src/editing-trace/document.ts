/** The object that is the document; its INC updates are Yjs updates (see `update-frame.ts`). */
export const documentId = 'document';
