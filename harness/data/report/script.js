// Filters the errors. Everything is on the page already: this only hides and shows.
(() => {
  "use strict";
  const form = document.getElementById("filter");
  if (!form) return;
  const errors = Array.from(document.querySelectorAll("article.error"));
  const plain = (text) => text.normalize("NFKC").toLowerCase();
  // Made when somebody first searches: the passage that is shown, or the longer one where there is one.
  let texts = null;
  const search = () => {
    texts ??= errors.map((error) => plain(error.textContent));
    return texts;
  };
  const apply = () => {
    const asked = new FormData(form);
    const words = plain(asked.get("words") ?? "").split(/\s+/).filter(Boolean);
    const choices = ["field", "what", "label", "kind"].map((name) => [name, asked.get(name)]).filter(([, value]) => value);
    let shown = 0;
    errors.forEach((error, place) => {
      const fits = choices.every(([name, value]) => error.dataset[name] === value)
        && words.every((word) => search()[place].includes(word));
      error.hidden = !fits;
      shown += fits;
    });
    form.querySelector("output").value = `${shown} of ${errors.length} shown`;
  };
  let waiting = 0;
  form.addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, event.target.name === "words" ? 150 : 0);
  });
  form.addEventListener("reset", () => setTimeout(apply, 0));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  apply();
})();
