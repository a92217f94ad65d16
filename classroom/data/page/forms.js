// What is asked beside a document, one function a form. Each shows what the answer holds, writes what is done into it, and says so by `changed`.

const radios = (name, choices, value, take) => choices.map((choice) => {
  const input = make("input", { type: "radio", name, value: choice.id, checked: choice.id === value });
  input.addEventListener("change", () => take(choice.id));
  return make("label", { className: "choice" }, input, make("span", {}, say(choice.words)));
});

// A text that is read only.
const plain = (text) => {
  const element = make("div", { className: "text", lang: "ja", tabindex: "0", role: "group" });
  label(element, own("text"));
  new Notice(text, element).show([]);
  return element;
};

const marked = (exercise, answer, kinds, changed) => {
  answer.spans ??= [];
  const board = new Board(exercise.text, answer.spans, kinds, changed);
  (Board.all ??= []).push(board);
  return board;
};

// Lines to write on, for who works on paper.
const lines = (heads, count) => make("table", { className: "written", "aria-hidden": "true" },
  make("tr", {}, heads.map((head) => make("th", {}, say(own(head))))),
  Array.from({ length: count }, () => make("tr", {}, heads.map(() => make("td")))));

const FORMS = {
  marks(exercise, answer, changed) {
    const board = marked(exercise, answer, exercise.form, changed);
    const list = make("section", {}, make("h3", {}, say(own("your_marks"))), board.list);
    if (!answer.spans.length) list.append(lines(["paper_words", "paper_category", "paper_status"], 12));
    return [board.notice.element, list];
  },

  options(exercise, answer, changed) {
    const choices = radios(`choice-${exercise.number}`, exercise.form.options, answer.choice, (id) => { answer.choice = id; changed(); });
    return [plain(exercise.text), make("fieldset", {}, make("legend", {}, say(own("choose_one"))), make("div", { className: "choices" }, choices))];
  },

  numbers(exercise, answer, changed) {
    const form = make("fieldset", { className: "numbers" }, make("legend", {}, say(own("numbers"))));
    const read = () => {
      const numbers = Array.from(form.querySelectorAll("input"), (input) => whole(input.value));
      answer.numbers = { total: numbers[0], groups: numbers.slice(1).filter((number) => number !== null) };
      if (answer.numbers.total === null && !answer.numbers.groups.length) delete answer.numbers;
      changed();
    };
    const field = (words, value) => {
      const input = make("input", { type: "text", inputMode: "numeric", autocomplete: "off", maxLength: 20, value: value === null || value === undefined ? "" : String(value) });
      const told = () => { input.ariaInvalid = String(input.value.trim() !== "" && whole(input.value) === null); };
      input.addEventListener("input", () => { told(); read(); });
      return make("label", {}, make("span", {}, say(words)), input);
    };
    const groups = answer.numbers?.groups ?? [];
    form.append(field(own("total"), answer.numbers?.total));
    const more = make("button", { type: "button", className: "small screen" }, say(own("more_groups")));
    const add = (value) => more.before(field(own("group", { number: form.querySelectorAll("input").length }), value));
    form.append(more);
    for (let row = 0; row < Math.max(exercise.form.rows, groups.length); row += 1) add(groups[row]);
    more.addEventListener("click", () => { add(null); more.previousElementSibling.querySelector("input").focus(); });
    return [plain(exercise.text), form];
  },

  order(exercise, answer, changed) {
    const known = new Map(exercise.form.events.map((event) => [event.id, event]));
    let order = answer.order ?? exercise.form.events.map((event) => event.id);
    const list = make("ol", { className: "order" });
    const sure = make("input", { type: "checkbox", checked: Boolean(answer.order) });
    const take = () => {
      if (sure.checked) answer.order = [...order];
      else delete answer.order;
      changed();
    };
    const move = (place, by) => {
      [order[place], order[place + by]] = [order[place + by], order[place]];
      sure.checked = true;
      show();
      take();
      // The moved event keeps the focus, unless it has reached the end.
      const [up, down] = list.children[place + by].querySelectorAll("button");
      (by < 0 ? (up.disabled ? down : up) : (down.disabled ? up : down)).focus();
    };
    const show = () => list.replaceChildren(...order.map((id, place) => {
      const arrow = (by, text, words, disabled) => {
        const button = make("button", { type: "button", textContent: text, disabled });
        button.addEventListener("click", () => move(place, by));
        return label(button, own(words));
      };
      return make("li", { data: { event: id } }, make("span", {}, say(known.get(id).words)), arrow(-1, "↑", "earlier", place === 0), arrow(1, "↓", "later", place === order.length - 1));
    }));
    sure.addEventListener("change", take);
    show();
    return [plain(exercise.text), make("fieldset", {}, make("legend", {}, say(own("order"))), list, make("label", { className: "choice screen" }, sure, make("span", {}, say(own("my_order")))))];
  },

  duty(exercise, answer, changed) {
    const { situations, reports, verdicts } = exercise.form;
    const none = make("input", { type: "checkbox", checked: answer.situations?.length === 0 });
    const boxes = situations.map((choice) => {
      const input = make("input", { type: "checkbox", value: choice.id, checked: answer.situations?.includes(Number(choice.id)) ?? false });
      input.addEventListener("change", () => { if (input.checked) none.checked = false; take(); });
      return [input, make("label", { className: "choice" }, input, make("span", {}, say(choice.words)))];
    });
    const take = () => {
      const applying = boxes.filter(([input]) => input.checked).map(([input]) => Number(input.value));
      if (applying.length || none.checked) answer.situations = applying;
      else delete answer.situations;
      changed();
    };
    none.addEventListener("change", () => { if (none.checked) boxes.forEach(([input]) => { input.checked = false; }); take(); });
    const asked = (report) => make("fieldset", {}, make("legend", {}, say(report.words)), radios(`kept-${exercise.number}-${report.id}`, verdicts, answer.kept?.[report.id], (id) => {
      answer.kept = { ...answer.kept, [report.id]: id };
      changed();
    }));
    const all = [...boxes.map(([, row]) => row), make("label", { className: "choice" }, none, make("span", {}, say(own("no_situation"))))];
    return [plain(exercise.text), make("div", {}, make("fieldset", {}, make("legend", {}, say(own("situations"))), all), make("h3", {}, say(own("limits"))), reports.map(asked))];
  },

  text(exercise, answer, changed) {
    const { memo, at, most } = exercise.form;
    const before = make("div", { className: "text", lang: "ja", tabindex: "0", role: "group" });
    label(before, own("text"));
    const place = unitsUntil(exercise.text, at);
    before.append(exercise.text.slice(0, place), make("span", { className: "gap" }, say(own("gap"))), exercise.text.slice(place));
    const area = make("textarea", { value: answer.text ?? "", lang: "ja", spellcheck: false });
    label(area, own("write"));
    const told = make("p", { className: "length screen" });
    const count = () => {
      const long = Array.from(area.value).length;
      told.replaceChildren(...say(own("length", { long: long.toLocaleString("en"), most: most.toLocaleString("en") })));
      return long;
    };
    area.addEventListener("input", () => {
      if (count() > most) {
        area.value = Array.from(area.value).slice(0, most).join("");
        count();
      }
      if (area.value) answer.text = area.value;
      else delete answer.text;
      changed();
    });
    count();
    const facts = memo.length ? [make("h3", {}, say(own("memo"))), make("ul", { className: "memo" }, memo.map((fact) => make("li", {}, say(fact))))] : [];
    return [before, make("div", {}, facts, make("fieldset", {}, make("legend", {}, say(own("write"))), area, told))];
  },

  fault(exercise, answer, changed) {
    const board = marked(exercise, answer, null, changed);
    const choices = radios(`fault-${exercise.number}`, exercise.form.options, answer.choice, (id) => { answer.choice = id; changed(); });
    return [board.notice.element, make("div", {}, make("h3", {}, say(own("your_fault"))), board.list, answer.spans.length ? [] : lines(["paper_fault"], 2), make("fieldset", {}, make("legend", {}, say(own("what_fault"))), make("div", { className: "choices" }, choices)))];
  },
};

// A number as people write it in Japan too: 12,345, １２３４５.
const whole = (text) => {
  const digits = text.normalize("NFKC").replace(/[\s,名人件]/g, "");
  return /^\d{1,15}$/.test(digits) ? Number(digits) : null;
};
