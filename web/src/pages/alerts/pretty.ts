const INDENT = "  ";
/** A string, a structural sign, space, or any other run of characters. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|\s+|[^{}[\]:,"\s]+/g;

/** JSON with line breaks and every digit as it came: a number is not read, so `0.10` stays. Null where it is no JSON. */
export function pretty(text: string): string | null {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  const tokens = (text.match(TOKEN) ?? []).filter((token) => token.trim() !== "");
  let depth = 0;
  let out = "";
  const line = () => `\n${INDENT.repeat(depth)}`;
  tokens.forEach((token, at) => {
    const before = tokens[at - 1];
    const opened = before === "{" || before === "[";
    if (token === "}" || token === "]") {
      depth -= 1;
      out += opened ? token : line() + token;
    } else {
      if (opened || before === ",") out += line();
      out += token === ":" ? ": " : token;
      if (token === "{" || token === "[") depth += 1;
    }
  });
  return out;
}
