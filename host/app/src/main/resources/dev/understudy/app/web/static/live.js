// What the host tells by itself, over server-sent events. Connects again with growing pauses.

const FIRST_PAUSE_MILLIS = 1000;
const LONGEST_PAUSE_MILLIS = 15_000;

const listeners = new Map();
let source = null;
let pause = FIRST_PAUSE_MILLIS;
let timer = 0;
let opened = false;

/** Calls back with each event of a name until the returned function is called. */
export function on(name, callback) {
  if (!listeners.has(name)) listeners.set(name, new Set());
  listeners.get(name).add(callback);
  return () => listeners.get(name).delete(callback);
}

function emit(name, value) {
  for (const callback of listeners.get(name) ?? []) callback(value);
}

/** Connects, or tries at once if a pause is under way. */
export function connect() {
  clearTimeout(timer);
  source?.close();
  source = new EventSource("/api/events");
  source.addEventListener("open", () => {
    pause = FIRST_PAUSE_MILLIS;
    emit("connection", { state: "open", again: opened });
    opened = true;
  });
  source.addEventListener("error", lost);
  for (const name of ["event", "run", "metric", "analytics", "changed", "gap"]) source.addEventListener(name, (message) => emit(name, parsed(message.data)));
}

function parsed(data) {
  return data ? JSON.parse(data) : {};
}

function lost() {
  // The browser's own retry gives up for good at the first answer that is no stream, so the pauses are ours.
  source.close();
  clearTimeout(timer);
  timer = setTimeout(connect, pause);
  emit("connection", { state: "lost", pauseMillis: pause });
  pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
}

addEventListener("pagehide", () => source?.close());
