export { type Declaration, publicDeclarations } from './declarations.ts';
export { docstringOf } from './docstring.ts';
export { anchor, madeBy, type Page, pageText } from './page.ts';
