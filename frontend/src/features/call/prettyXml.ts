const piece =
  /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<[?!][^>]*>|<\/?[^\s<>/!?](?:"[^"]*"|'[^']*'|[^"'<>])*>|[^<]+/gy;

/**
 * XML laid out for reading, one element a line; an element with text alone stays on its line. It is never parsed into
 * a page. Null when it is not XML that can be cut into tags.
 */
export function prettyXml(source: string): string | null {
  const lines: string[] = [];
  let depth = 0;
  let line = "";
  // The tag just before, so that <a>text</a> is one line.
  let opened = false;
  piece.lastIndex = 0;
  const text = source.trim();
  const flush = () => {
    if (line) lines.push(line);
    line = "";
  };
  while (piece.lastIndex < text.length) {
    const match = piece.exec(text);
    if (!match) return null;
    const part = match[0];
    if (part.startsWith("</")) {
      depth--;
      if (depth < 0) return null;
      if (opened) line += part;
      else {
        flush();
        line = "  ".repeat(depth) + part;
      }
      flush();
      opened = false;
    } else if (/^<[^?!]/.test(part)) {
      flush();
      if (depth > 100) return null;
      line = "  ".repeat(depth) + part;
      opened = !part.endsWith("/>");
      if (opened) depth++;
    } else if (part.startsWith("<?") || (part.startsWith("<!") && !part.startsWith("<!["))) {
      flush();
      line = "  ".repeat(depth) + part;
      opened = false;
    } else if (part.trim()) {
      line = opened ? line + part.trim() : `${line}${line ? " " : "  ".repeat(depth)}${part.trim()}`;
    }
  }
  flush();
  return depth === 0 && lines.length > 0 ? lines.join("\n") : null;
}
