// Says so on the page when a passkey was refused or the request for it was closed.

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const trouble = document.querySelector("[data-passkey-trouble]");
  trouble.hidden = true;
  requestAnimationFrame(() => (trouble.hidden = false));
});
