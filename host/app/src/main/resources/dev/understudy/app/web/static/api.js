// Requests to the host. A failure carries what is wrong, why, and how to mend it.

export class ApiError extends Error {
  constructor(status, body) {
    super(body.error || `The host answered ${status}`);
    this.status = status;
    this.detail = body.detail ?? "";
    this.remedy = body.remedy ?? "";
  }
}

let session = null;

/** What the host says about itself and this browser; asked once, and again after the connection was lost. */
export async function openSession() {
  session = await get("session");
  return session;
}

export function get(path) {
  return request(path, { headers: { Accept: "application/json" } });
}

/** Changes something; asks for a new token once, should the host have been started anew meanwhile. */
export async function post(path, body = {}) {
  if (!session) await openSession();
  try {
    return await send(path, body);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 403) throw error;
    await openSession();
    return send(path, body);
  }
}

function send(path, body) {
  return request(path, {
    method: "POST",
    headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRF-Token": session.csrfToken },
    body: JSON.stringify(body),
  });
}

async function request(path, options) {
  let response;
  try {
    response = await fetch(`/api/${path}`, { credentials: "same-origin", cache: "no-store", ...options });
  } catch {
    throw new ApiError(0, {
      error: "Understudy does not answer",
      detail: "The connection was refused or lost.",
      remedy: "Check that `understudy up` is running; this page connects again by itself.",
    });
  }
  const body = (response.headers.get("Content-Type") ?? "").includes("json") ? await response.json() : {};
  if (response.ok) return body;
  if (response.status === 401)
    throw new ApiError(401, {
      error: "This browser is not signed in",
      detail: "The session is unknown to the host.",
      remedy: "Open the link that `understudy up` prints when it starts.",
    });
  throw new ApiError(response.status, body);
}

/** A name as one part of a path. */
export function part(name) {
  return encodeURIComponent(name);
}
