function execute(params) {
  // The steps go here.
  return result;
}

function splitHeader(line) {
  const colon = line.indexOf(":");
  return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
}

function basic(user) {
  return `Basic ${base64(unescape(encodeURIComponent(user)))}`;
}

/** Base 64 of a text of bytes. */
function base64(bytes) {
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes.charCodeAt(i), bytes.charCodeAt(i + 1), bytes.charCodeAt(i + 2)];
    text += digits[a >> 2] + digits[((a & 3) << 4) | (b >> 4)];
    text += i + 1 < bytes.length ? digits[((b & 15) << 2) | (c >> 6)] : "=";
    text += i + 2 < bytes.length ? digits[c & 63] : "=";
  }
  return text;
}

function requireStatus(status, allowed) {
  const codes = allowed.split(" ");
  if (!codes.includes(String(status)) && !codes.includes(`${Math.floor(status / 100)}xx`))
    throw new Error(`the answer has status ${status}, but should have ${allowed}`);
}

/** What a JSON pointer (RFC 6901) names in a JSON text. */
function pick(text, pointer) {
  const keys = pointer.split("/").slice(1);
  return keys.reduce((value, part) => value[part.replaceAll("~1", "/").replaceAll("~0", "~")], JSON.parse(text));
}

function asLine(value) {
  return `${typeof value === "string" ? value : JSON.stringify(value)}\n`;
}

/** Writes what came as text; an answer that was none has been spoiled on its way, and is not written. */
function save(path, text) {
  if (text.includes("\ufffd")) throw new Error(`the answer is no text, so it is not written to ${path}`);
  understudy.files.write(path, text);
  understudy.log.info(`Wrote ${text.length} characters to ${path}`);
}
