// Positions in a document, and the document with its marks. Browsers count UTF-16 units; answers count code points, as owabi does.

const pointsUntil = (text, unit) => {
  let points = 0;
  for (let at = 0; at < unit; at += text.codePointAt(at) > 0xffff ? 2 : 1) points += 1;
  return points;
};

const unitsUntil = (text, point) => {
  let at = 0;
  for (let points = 0; points < point; points += 1) at += text.codePointAt(at) > 0xffff ? 2 : 1;
  return at;
};

// Where a person would put the caret: not inside 𠮷, a family of emoji, or a line break of two characters.
const stopsOf = (text) => {
  if (!Intl.Segmenter) {
    const stops = [0];
    for (const point of text) stops.push(stops.at(-1) + point.length);
    return stops;
  }
  const segments = new Intl.Segmenter("ja", { granularity: "grapheme" }).segment(text);
  return [...Array.from(segments, (segment) => segment.index), text.length];
};

const wordsOf = (text, stops) => {
  if (!Intl.Segmenter) return stops.slice(0, -1).map((start, at) => ({ start, end: stops[at + 1] })).filter(({ start, end }) => text.slice(start, end).trim());
  const segments = Array.from(new Intl.Segmenter("ja", { granularity: "word" }).segment(text));
  return segments.filter((segment) => segment.segment.trim()).map(({ index, segment }) => ({ start: index, end: index + segment.length }));
};

// A document on the page. What is told to others and what others tell counts UTF-16 units of its text.
class Notice {
  constructor(text, element) {
    this.text = text;
    this.element = element;
    this.stops = stopsOf(text);
    this.words = wordsOf(text, this.stops);
  }

  // The stretch as people mean it: whole characters, no blanks at its ends. Nothing where nothing is left.
  tidy(start, end) {
    let first = this.stops.findLastIndex((stop) => stop <= start);
    let last = this.stops.findIndex((stop) => stop >= end);
    const blank = (at) => !this.text.slice(this.stops[at], this.stops[at + 1]).trim();
    while (first < last && blank(first)) first += 1;
    while (first < last && blank(last - 1)) last -= 1;
    return first < last ? { start: this.stops[first], end: this.stops[last] } : null;
  }

  // The stop before or after this one.
  step(unit, by) {
    return this.stops[Math.min(Math.max(this.stops.indexOf(unit) + by, 0), this.stops.length - 1)];
  }

  wordAt(unit) {
    return this.words.find(({ start, end }) => start <= unit && unit < end) ?? null;
  }

  // The word after or before a stretch; from nowhere, the first or the last one.
  wordBeside(stretch, by) {
    if (!stretch) return this.words.at(by > 0 ? 0 : -1) ?? null;
    const found = by > 0 ? this.words.find(({ start }) => start >= stretch.end) : this.words.findLast(({ end }) => end <= stretch.start);
    return found ?? stretch;
  }

  // How much of the document's text stands before a place of the page.
  unitOf(node, offset) {
    const range = document.createRange();
    range.setStart(this.element, 0);
    range.setEnd(node, offset);
    return range.toString().length;
  }

  // What of the reader's selection lies in this document.
  selected() {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!range.intersectsNode(this.element)) return null;
    const inside = (node) => this.element.contains(node);
    const start = inside(range.startContainer) ? this.unitOf(range.startContainer, range.startOffset) : 0;
    const end = inside(range.endContainer) ? this.unitOf(range.endContainer, range.endOffset) : this.text.length;
    return this.tidy(start, end);
  }

  // Where the finger or the pointer is.
  unitAt(x, y) {
    const caret = document.caretPositionFromPoint?.(x, y);
    const range = caret ? null : document.caretRangeFromPoint?.(x, y);
    const [node, offset] = caret ? [caret.offsetNode, caret.offset] : [range?.startContainer, range?.startOffset];
    return node && this.element.contains(node) ? this.unitOf(node, offset) : null;
  }

  // A stretch as a range of the page.
  range({ start, end }) {
    const range = document.createRange();
    const walker = document.createTreeWalker(this.element, NodeFilter.SHOW_TEXT);
    let before = 0;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const after = before + node.length;
      if (before <= start && start < after) range.setStart(node, start - before);
      if (before < end && end <= after) range.setEnd(node, end - before);
      before = after;
    }
    return range;
  }

  // Shows the text with its marks: `stretches` are `{start, end, className, label}` and may overlap.
  show(stretches) {
    const cuts = new Set([0, this.text.length]);
    stretches.forEach(({ start, end }) => cuts.add(start).add(end));
    const places = Array.from(cuts).sort((a, b) => a - b);
    const parts = places.slice(0, -1).map((start, at) => {
      const text = this.text.slice(start, places[at + 1]);
      const over = stretches.map((stretch, number) => ({ ...stretch, number })).filter((stretch) => stretch.start <= start && start < stretch.end);
      if (!over.length) return document.createTextNode(text);
      const mark = document.createElement("mark");
      mark.className = over.at(-1).className;
      mark.classList.toggle("first", over.some((stretch) => stretch.start === start));
      mark.classList.toggle("overlap", over.length > 1);
      mark.dataset.mark = over.at(-1).number;
      const begins = over.filter((stretch) => stretch.start === start).map((stretch) => stretch.label);
      if (begins.length) mark.dataset.label = begins.join(",");
      mark.textContent = text;
      return mark;
    });
    this.element.replaceChildren(...parts);
  }
}
