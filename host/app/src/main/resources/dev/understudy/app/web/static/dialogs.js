// Modal dialogs. The browser's own <dialog> keeps the focus inside and closes on Escape.
import { h, problem } from "./dom.js";

let opened = null;

export function isOpen() {
  // Its event "close" comes later than its end.
  return opened !== null && opened.open;
}

/**
 * Shows a dialog. An action closes it once what it does has succeeded; a failure is shown inside, and the dialog stays.
 * The first action is the one that changes nothing, as Escape does.
 */
export function dialog({ title, body, actions }) {
  const returnTo = document.activeElement;
  const failure = h("div");
  const element = h("dialog", { "aria-labelledby": "dialog-title" }, h("h2", { id: "dialog-title" }, title), h("div", { className: "dialog-body" }, body), failure, h("div", { className: "actions" }, actions.map(button)));

  function button({ text, primary, danger, act }) {
    const element = h("button", { type: "button", className: danger ? "danger" : primary ? "primary" : "", onclick: press }, text);
    return element;

    async function press() {
      if (!act) return close();
      const buttons = element.parentElement.querySelectorAll("button");
      buttons.forEach((each) => (each.disabled = true));
      try {
        await act();
        close();
      } catch (error) {
        failure.replaceChildren(problem(error));
        buttons.forEach((each) => (each.disabled = false));
        element.focus();
      }
    }
  }

  function close() {
    element.close();
  }

  element.addEventListener("close", () => {
    opened = null;
    element.remove();
    if (returnTo?.isConnected) returnTo.focus();
    else document.getElementById("main").focus({ preventScroll: true });
  });
  element.addEventListener("click", (event) => {
    if (event.target === element) close();
  });
  document.body.append(element);
  opened = element;
  element.showModal();
  // The first action is the harmless one: a key that is pressed once more must grant nothing.
  element.querySelector(".actions button").focus();
}
