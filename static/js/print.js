// A button that prints; without a script the browser's own menu does.

const paper = document.querySelector("[data-print]");
paper.hidden = false;
paper.addEventListener("click", () => print());
