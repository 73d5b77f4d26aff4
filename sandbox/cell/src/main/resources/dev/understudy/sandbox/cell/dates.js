(function () {
  'use strict';
  // The engine takes a date that is in no ISO form as UTC if it has no time of day. Browsers and Node take it as local, and so
  // does whoever writes new Date('6/30/2024') or cuts off the time by new Date(date.toDateString()).
  const Plain = Date;
  const ISO = /^(?:\d{4}|[+-]\d{6})(?:-\d\d){0,2}$/;
  const ZONE = /GMT|UTC?|[ECMP][DS]T|\dZ|\bZ\b|\+\d|\s-\d\d:?\d\d\s*$/i;
  const TIME_ALONE = /^\s*\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?\s*(?:[ap]m)?\s*(?:z|gmt|utc|[+-]\d\d:?\d\d)?\s*$/i;
  const ISO_IN_SMALL = /^\d{4}-\d\d-\d\dt[\d:.]+(?:z|[+-]\d\d:\d\d)?$/i;
  const plainParse = Plain.parse;
  const parse = (text) => {
    // To the engine a time of no day is one of the year 2000, and RFC 3339's small letters are none.
    if (TIME_ALONE.test(text)) return NaN;
    const at = plainParse(ISO_IN_SMALL.test(text) ? text.toUpperCase() : text);
    if (Number.isNaN(at) || text.includes(':') || ISO.test(text) || ZONE.test(text)) return at;
    const day = new Plain(at);
    return new Plain(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate()).getTime();
  };
  const Local = new Proxy(Plain, {
    construct: (target, values, asked) =>
      Reflect.construct(target, values.length === 1 && typeof values[0] === 'string' ? [parse(values[0])] : values, asked),
  });
  const put = (holder, name, value) =>
    Object.defineProperty(holder, name, { value, configurable: true, enumerable: false, writable: true });
  put(Plain, 'parse', { parse(text) { return parse(String(text)); } }.parse);
  put(Plain.prototype, 'constructor', Local);
  put(globalThis, 'Date', Local);
})
