/**
 * The nonce for style elements in this load's content security policy. Libraries that make style elements find it in
 * the global variable that they all read.
 */
export const styleNonce: string = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";

declare global {
  // A global that webpack made usual; `get-nonce` of react-remove-scroll reads it.
  var __webpack_nonce__: string | undefined;
}

globalThis.__webpack_nonce__ = styleNonce;
