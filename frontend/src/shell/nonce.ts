/**
 * The nonce that this load's content security policy allows styles with. Read once at start; libraries that make
 * style elements find it under the name they all look for.
 */
export const styleNonce: string = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";

declare global {
  // eslint-style globals of bundlers: react-remove-scroll's `get-nonce` reads this one.
  var __webpack_nonce__: string | undefined;
}

globalThis.__webpack_nonce__ = styleNonce;
