// Elements, and words in both languages: both stand on the page, and the style shows one.

const WORDS = JSON.parse(document.getElementById("words").textContent);

const make = (tag, properties = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "data") Object.assign(element.dataset, value);
    else if (name.startsWith("aria-") || ["role", "for", "lang", "tabindex"].includes(name)) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.flat());
  return element;
};

// `{…}` in the page's own words is filled in.
const filled = (words, values) => Object.fromEntries(["ja", "en"].map((language) => [language, words[language].replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all)]));
const own = (key, values = {}) => filled(WORDS[key], values);
const say = (words) => ["ja", "en"].map((language) => make("span", { className: "word", lang: language, textContent: words[language] }));

// Attributes and options hold one language at a time.
let language = "ja";
let labels = [];
const label = (element, words, property = "ariaLabel") => {
  const set = () => { element[property] = words[language]; };
  labels.push({ element, set });
  set();
  return element;
};
const speak = (to) => {
  language = to;
  document.documentElement.lang = to;
  document.documentElement.dataset.language = to;
  // What has left the page needs no words any more.
  labels = labels.filter(({ element }) => element.isConnected);
  labels.forEach(({ set }) => set());
};
