// Tables with a caption and headers that sort.
import { h, replace } from "./dom.js";

const orders = new Map();

/**
 * A table. A column is {name, text(row) → node or text, sort(row) → number or text, number, wide}; only those with `sort` can be
 * sorted. The order that a person chose stays for as long as the page is loaded.
 *
 * @param options key: what the order is remembered under; link(row) → address that the row's first cell goes to
 */
export function table(caption, columns, rows, { key = caption, link, captionShown = false } = {}) {
  const body = h("tbody");
  const headers = columns.map((column, index) =>
    h(
      "th",
      { scope: "col", className: column.number ? "n" : "" },
      column.sort ? h("button", { type: "button", className: "sort", "data-key": `sort-${key}-${index}`, onclick: () => sortBy(index) }, column.name) : column.name,
    ),
  );

  function sortBy(index) {
    const order = orders.get(key);
    const column = columns[index];
    const first = column.number || column.newest ? "descending" : "ascending";
    const other = first === "ascending" ? "descending" : "ascending";
    orders.set(key, { index, direction: order?.index === index && order.direction === first ? other : first });
    fill();
  }

  function fill() {
    const order = orders.get(key);
    headers.forEach((header, index) => {
      if (!columns[index].sort) return;
      header.setAttribute("aria-sort", order?.index === index ? order.direction : "none");
    });
    replace(body, ordered(order).map(row));
  }

  function ordered(order) {
    if (!order) return rows;
    const sort = columns[order.index].sort;
    const sign = order.direction === "ascending" ? 1 : -1;
    return [...rows].sort((a, b) => compare(sort(a), sort(b), sign));
  }

  function row(item) {
    return h(
      "tr",
      null,
      columns.map((column, index) => {
        const content = column.text(item);
        const attributes = { className: [column.number && "n", column.wide && "wide"].filter(Boolean).join(" "), "data-name": column.name };
        if (index > 0 || !link) return h("td", attributes, content);
        const address = link(item);
        if (!address) return h("th", { scope: "row", ...attributes }, content);
        return h("th", { scope: "row", ...attributes }, h("a", { href: address, "data-stop": true, "data-key": address }, content));
      }),
    );
  }

  fill();
  return h("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": caption }, h("table", { className: columns.some(({ wide }) => wide) ? "prose" : "" }, h("caption", { className: captionShown ? "" : "unseen" }, caption), h("thead", null, h("tr", null, headers)), body));
}

/** What has no value comes last in either direction. */
function compare(a, b, sign) {
  const aMissing = a === null || a === undefined || Number.isNaN(a);
  const bMissing = b === null || b === undefined || Number.isNaN(b);
  if (aMissing || bMissing) return aMissing - bMissing;
  return sign * (typeof a === "string" ? a.localeCompare(b) : a - b);
}
