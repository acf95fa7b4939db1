// Counts the answered questions while a questionnaire is filled in, and now and then says so aloud.

const form = document.querySelector("form[data-draft]");
const shown = form.querySelector("[data-answered]");
const bar = form.querySelector("progress");
const aloud = form.querySelector("[data-count]");
// Whoever listens has just heard their own answer: the count is for every so many of them.
const EVERY = 5;
let most = bar.value;

function count() {
  const names = [...new FormData(form)].filter(([, value]) => value !== "").map(([name]) => name);
  const asked = [...form.elements].filter((one) => one.matches("[type=radio], [type=checkbox]"));
  const answered = new Set(asked.map((one) => one.name).filter((name) => names.includes(name))).size;
  shown.textContent = bar.value = answered;
  if (answered > most && (answered % EVERY === 0 || answered === bar.max)) {
    aloud.textContent = document.getElementById("tally").textContent;
  }
  most = Math.max(most, answered);
}

form.addEventListener("change", count);
addEventListener("pageshow", count);
