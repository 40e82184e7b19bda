/** npm run rewrite -w @choir/protocol: makes the vectors' bytes and the page's tables anew. */
import { rewritePage } from './documentation.ts';
import { rewriteVectors } from './vectors.ts';

rewriteVectors();
rewritePage();
