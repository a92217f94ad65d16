// Marking words in a document: by selecting them, by tapping on one, or by the arrow keys. What is chosen stands in a bar at the foot of the
// page until it is marked.

const bar = document.getElementById("bar");
const part = (name) => bar.querySelector(`[data-part="${name}"]`);
// The board whose text is chosen from, what is chosen of it, and which of its marks is being changed.
let board = null;
let chosen = null;
let changing = null;

const paint = () => {
  if (!window.Highlight) return;
  CSS.highlights.delete("pending");
  if (board && chosen) CSS.highlights.set("pending", new Highlight(board.notice.range(chosen)));
};

const choose = (on, stretch, mark = null) => {
  if (!stretch) return;
  const fresh = board !== on || bar.hidden || mark !== changing;
  [board, chosen, changing] = [on, stretch, mark];
  part("chosen").textContent = on.notice.text.slice(stretch.start, stretch.end);
  if (fresh) board.prepare(mark);
  bar.hidden = false;
  part("delete").hidden = mark === null;
  paint();
  // The bar must not lie upon the words that it speaks of.
  const below = on.notice.range(stretch).getBoundingClientRect().bottom + 16 - bar.getBoundingClientRect().top;
  if (fresh && below > 0) scrollBy({ top: below });
};

const closeBar = () => {
  [chosen, changing] = [null, null];
  bar.hidden = true;
  paint();
};

bar.addEventListener("click", (event) => {
  const edge = event.target.closest("[data-edge]");
  if (edge && chosen) {
    const moved = { ...chosen, [edge.dataset.edge]: board.notice.step(chosen[edge.dataset.edge], Number(edge.dataset.by)) };
    if (moved.start < moved.end) choose(board, moved, changing);
  }
  if (event.target.closest('[data-part="close"]')) closeBar();
  if (event.target.closest('[data-part="delete"]')) {
    board.remove(changing);
    closeBar();
  }
});

bar.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!chosen) return;
  board.put(chosen, changing);
  closeBar();
  document.getSelection().removeAllRanges();
  board.notice.element.focus({ preventScroll: true });
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !bar.hidden) {
    const back = board;
    closeBar();
    back.notice.element.focus({ preventScroll: true });
  }
});

// The text of one exercise and its marks. `kinds` are the categories and statuses to choose from, or nothing where a mark is just a mark.
class Board {
  constructor(text, spans, kinds, changed) {
    this.spans = spans;
    this.kinds = kinds;
    this.changed = changed;
    const element = make("div", { className: "text", lang: "ja", tabindex: "0", role: "group" });
    this.notice = new Notice(text, element);
    this.list = make("ol", { className: "marks" });
    label(element, own("text"));
    element.addEventListener("click", (event) => this.tapped(event));
    element.addEventListener("keydown", (event) => this.keyed(event));
    this.show();
  }

  tapped(event) {
    // Who has dragged the pointer has selected already.
    if (!document.getSelection().isCollapsed) return;
    const mark = event.target.closest("mark");
    if (mark) return this.open(Number(mark.dataset.mark));
    const unit = this.notice.unitAt(event.clientX, event.clientY);
    if (unit !== null) choose(this, this.notice.wordAt(unit));
  }

  keyed(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const here = board === this ? chosen : null;
    if (by) {
      event.preventDefault();
      if (!event.shiftKey || !here) choose(this, this.notice.wordBeside(here, by));
      else {
        const end = this.notice.step(here.end, by);
        if (end > here.start) choose(this, { start: here.start, end });
      }
      this.notice.range(chosen).startContainer.parentElement?.scrollIntoView({ block: "nearest" });
    }
    if (event.key === "Enter" && here) {
      event.preventDefault();
      (this.kinds ? part("category") : part("mark")).focus();
    }
  }

  // Sets the bar's fields for a new mark, or for one that is there.
  prepare(mark) {
    part("what").hidden = !this.kinds;
    label(part("mark"), own(mark === null ? (this.kinds ? "mark" : "mark_fault") : "change"), "textContent");
    // What is hidden must not be asked for.
    part("category").disabled = !this.kinds;
    if (!this.kinds) return part("statuses").replaceChildren();
    const { category, status } = mark === null ? this.last ?? {} : this.spans[mark];
    const option = (choice) => label(make("option", { value: choice.id }), choice.words, "textContent");
    part("category").replaceChildren(label(make("option", { value: "" }), own("choose_category"), "textContent"), ...this.kinds.categories.map(option));
    part("category").value = mark === null ? "" : category ?? "";
    // Statuses come in runs, so the last one stays chosen.
    const radio = (choice) => make("label", { className: "choice" }, make("input", { type: "radio", name: "status", value: choice.id, required: true, checked: choice.id === status }), make("span", {}, say(choice.words)));
    part("statuses").replaceChildren(...this.kinds.statuses.map(radio));
  }

  // Takes the bar's fields as a mark, new or in the place of an old one.
  put({ start, end }, mark) {
    const points = { start: pointsUntil(this.notice.text, start), end: pointsUntil(this.notice.text, end) };
    let span = points;
    if (this.kinds) {
      const fields = new FormData(bar);
      this.last = { status: fields.get("status") };
      span = { ...points, category: fields.get("category"), status: fields.get("status") };
    }
    if (mark === null) this.spans.push(span);
    else this.spans[mark] = span;
    this.spans.sort((a, b) => a.start - b.start || a.end - b.end);
    this.show();
    this.changed();
  }

  open(mark) {
    const { start, end } = this.spans[mark];
    choose(this, { start: unitsUntil(this.notice.text, start), end: unitsUntil(this.notice.text, end) }, mark);
  }

  remove(mark) {
    this.spans.splice(mark, 1);
    this.show();
    this.changed();
  }

  name(kind, id) {
    const known = this.kinds?.[kind].find((choice) => choice.id === id);
    return known ? say(known.words) : [id ?? ""];
  }

  show() {
    const stretches = this.spans.map((span, number) => ({
      start: unitsUntil(this.notice.text, span.start), end: unitsUntil(this.notice.text, span.end), className: span.status ?? "plain", label: String(number + 1),
    }));
    this.notice.show(stretches);
    const row = (span, number) => {
      const { start, end } = stretches[number];
      const quote = make("button", { type: "button", className: "quote", textContent: this.notice.text.slice(start, end), lang: "ja" });
      quote.addEventListener("click", () => {
        this.notice.element.querySelector(`mark[data-mark="${number}"]`)?.scrollIntoView({ block: "center" });
        this.open(number);
      });
      const remove = make("button", { type: "button", className: "delete small" }, say(own("delete")));
      remove.addEventListener("click", () => {
        closeBar();
        this.remove(number);
        (this.list.querySelector(".delete") ?? this.notice.element).focus({ preventScroll: true });
      });
      const told = this.kinds ? [...this.name("categories", span.category), " ", make("span", { className: `status ${span.status}` }, this.name("statuses", span.status))] : [];
      return make("li", {}, make("span", { className: "number", textContent: `${number + 1}.` }), quote, make("span", { className: "told" }, told), remove);
    };
    this.list.replaceChildren(...(this.spans.length ? this.spans.map(row) : [make("p", { className: "empty screen" }, say(own(this.kinds ? "no_marks" : "no_fault")))]));
    if (board === this) paint();
  }
}

// A selection that grows and moves is taken when it rests.
let resting = 0;
document.addEventListener("selectionchange", () => {
  clearTimeout(resting);
  resting = setTimeout(() => {
    for (const each of Board.all ?? []) {
      const stretch = each.notice.element.offsetParent ? each.notice.selected() : null;
      if (stretch) return choose(each, stretch);
    }
  }, 120);
});
