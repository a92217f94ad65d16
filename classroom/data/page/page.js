// The sheet: its exercises, and the answers, which are kept in this browser and saved to a file.

const sheet = JSON.parse(document.getElementById("sheet").textContent);
const SAVED_WITH = document.documentElement.dataset.madeWith;
const KEPT = `owabi-answers-${sheet.page}`;
const main = document.querySelector("main");
const places = document.querySelector(".exercises");
const message = document.querySelector(".message");
let answers = new Map();
let current = sheet.exercises[0]?.number;

const tell = (key, values = {}, wrong = false) => {
  message.classList.toggle("wrong", wrong);
  message.replaceChildren(...say(own(key, values)));
};

const isAnswered = ({ spans, choice, numbers, order, situations, kept, text }) =>
  Boolean(spans?.length || choice || numbers || order || situations || kept || text);

// The answers as their file holds them.
const toFile = () => ({
  schema: 1,
  page: sheet.page,
  class: sheet.class,
  saved_with: SAVED_WITH,
  exercises: sheet.exercises.map((exercise) => answers.get(exercise.number)).filter(isAnswered),
});

const showAnswered = () => {
  const buttons = Array.from(places.querySelectorAll("button"));
  sheet.exercises.forEach((exercise, place) => { buttons[place].dataset.answered = isAnswered(answers.get(exercise.number)); });
};

const changed = () => {
  showAnswered();
  try {
    localStorage.setItem(KEPT, JSON.stringify(toFile()));
    tell("kept");
  } catch {
    tell("not_kept", {}, true);
  }
};

// What a file holds, if it is an answer to this sheet. Otherwise the reason why not, as a key of the words.
const fromFile = (text) => {
  let file;
  try { file = JSON.parse(text); } catch { return "not_json"; }
  if (typeof file !== "object" || file === null || !Array.isArray(file.exercises)) return "not_answers";
  if (file.page !== sheet.page || file.class !== sheet.class) return "other_sheet";
  if (file.schema !== 1) return "other_schema";
  const found = new Map(sheet.exercises.map((exercise) => [exercise.number, { number: exercise.number }]));
  for (const given of file.exercises) {
    const exercise = sheet.exercises.find(({ number }) => number === given?.number);
    const answer = exercise && read(exercise, given);
    if (!answer) return "not_answers";
    found.set(exercise.number, answer);
  }
  return found;
};

// One answer, checked against its exercise: the page must be able to show it.
const read = ({ number, text, form }, given) => {
  const whole = (value) => Number.isSafeInteger(value) && value >= 0;
  const ids = (choices) => (choices ?? []).map(({ id }) => id);
  const one = (choices) => (id) => ids(choices).includes(id);
  const length = Array.from(text).length;
  const span = ({ start, end, category, status } = {}) => {
    if (!whole(start) || !whole(end) || start >= end || end > length) return null;
    if (form.type !== "marks") return { start, end };
    return one(form.categories)(category) && one(form.statuses)(status) ? { start, end, category, status } : null;
  };
  const checks = {
    spans: (spans) => Array.isArray(spans) && ["marks", "fault"].includes(form.type) && spans.every((each) => each && span(each)),
    choice: (choice) => one(form.options)(choice),
    numbers: (numbers) => form.type === "numbers" && (numbers?.total === null || whole(numbers?.total)) && Array.isArray(numbers?.groups) && numbers.groups.every(whole),
    order: (order) => Array.isArray(order) && order.length === form.events?.length && ids(form.events).every((id) => order.includes(id)),
    situations: (situations) => Array.isArray(situations) && situations.every((each) => one(form.situations)(String(each))),
    kept: (kept) => kept !== null && typeof kept === "object" && Object.entries(kept).every(([report, verdict]) => one(form.reports)(report) && one(form.verdicts)(verdict)),
    text: (written) => form.type === "text" && typeof written === "string" && Array.from(written).length <= form.most,
  };
  const answer = { number };
  for (const [name, check] of Object.entries(checks)) {
    if (given[name] === undefined) continue;
    if (!check(given[name])) return null;
    answer[name] = name === "spans" ? given.spans.map(span) : given[name];
  }
  return answer;
};

const turnTo = (number) => {
  current = number;
  closeBar();
  for (const section of main.children) section.classList.toggle("away", Number(section.dataset.number) !== number);
  for (const button of places.children) {
    const here = Number(button.dataset.number) === number;
    button.ariaCurrent = String(here);
    const { left, width } = button.getBoundingClientRect();
    if (here) places.scrollLeft += left + width / 2 - places.clientWidth / 2;
  }
};

const show = () => {
  closeBar();
  Board.all = [];
  main.replaceChildren(...sheet.exercises.map((exercise) => {
    const [text, panel] = FORMS[exercise.form.type](exercise, answers.get(exercise.number), changed);
    const paragraphs = Object.fromEntries(["ja", "en"].map((language) => [language, exercise.instructions[language].split("\n").filter(Boolean)]));
    const lead = ["ja", "en"].map((language) => paragraphs[language].map((words, place) => make("p", { className: `word ${place ? "how" : "lead"}`, lang: language, textContent: words })));
    const head = make("header", {}, make("h2", { tabindex: "-1" }, `${exercise.number}. `, say(exercise.title)), ...lead);
    return make("section", { className: "exercise", data: { number: exercise.number, kind: exercise.kind } }, head, text, make("div", { className: "panel" }, panel));
  }));
  places.replaceChildren(...sheet.exercises.map((exercise) => {
    const done = label(make("span", { className: "done", textContent: "✓", role: "img" }), own("answered"));
    const button = make("button", { type: "button", data: { number: exercise.number } }, `${exercise.number}. `, say(exercise.title), done);
    button.addEventListener("click", () => {
      turnTo(exercise.number);
      main.querySelector(`[data-number="${exercise.number}"] h2`).focus({ preventScroll: true });
      // The list of exercises sticks to the top, so the new one begins right below it.
      if (scrollY > places.offsetTop) places.scrollIntoView();
    });
    return button;
  }));
  showAnswered();
  turnTo(current);
};

const begin = (found) => {
  answers = found;
  show();
};

document.getElementById("save").addEventListener("click", () => {
  const file = toFile();
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(file, null, 1)}\n`], { type: "application/json" }));
  make("a", { href: url, download: `${sheet.page}.json` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  tell("saved", { name: `${sheet.page}.json`, answered: file.exercises.length, all: sheet.exercises.length });
});

document.getElementById("load").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (!file) return;
  const found = fromFile((await file.text()).replace(/^\ufeff/, ""));
  // The same file can be chosen again.
  event.target.value = "";
  if (typeof found === "string") return tell(found, { name: file.name }, true);
  begin(found);
  changed();
  tell("loaded", { name: file.name });
});

document.getElementById("print").addEventListener("click", () => window.print());
document.getElementById("language").addEventListener("click", () => {
  speak(language === "ja" ? "en" : "ja");
  // Words of another length move the list of exercises.
  turnTo(current);
});

// Starting over asks once more, in its own words.
const again = document.getElementById("again");
document.getElementById("clear").addEventListener("click", () => again.showModal());
again.addEventListener("close", () => {
  if (again.returnValue !== "clear") return;
  again.returnValue = "";
  begin(new Map(sheet.exercises.map(({ number }) => [number, { number }])));
  changed();
  tell("cleared");
});

const kept = (() => {
  try { return localStorage.getItem(KEPT); } catch { return null; }
})();
const found = kept === null ? "" : fromFile(kept);
speak(sheet.language);
begin(typeof found === "string" ? new Map(sheet.exercises.map(({ number }) => [number, { number }])) : found);
tell(typeof found === "string" ? "welcome" : "resumed");
