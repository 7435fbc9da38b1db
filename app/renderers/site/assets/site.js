// The pages work without this script. It adds copy buttons, the `/` key for search, and forms that submit on change.
"use strict";

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  const label = button.textContent;
  button.addEventListener("click", async () => {
    const text = button.parentElement.querySelector("code").textContent;
    await navigator.clipboard.writeText(text);
    button.textContent = "✓";
    button.setAttribute("aria-label", `${label} ✓`);
    window.setTimeout(() => {
      button.textContent = label;
      button.removeAttribute("aria-label");
    }, 1500);
  });
}

for (const anchor of document.querySelectorAll("[data-copy-link]")) {
  if (!navigator.clipboard) break;
  anchor.addEventListener("click", () => navigator.clipboard.writeText(anchor.href));
}

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const finder = document.getElementById("finder");
  if (finder) {
    event.preventDefault();
    finder.focus();
  }
});

// A list that is changed by arrow keys is still being read, so only a choice made with the pointer submits.
for (const form of document.querySelectorAll("[data-submit-on-change]")) {
  let byKey = false;
  form.addEventListener("keydown", () => (byKey = true));
  form.addEventListener("pointerdown", () => (byKey = false));
  form.addEventListener("change", (event) => {
    if (event.target.matches("select") && !byKey) form.requestSubmit();
  });
  form.addEventListener("submit", () => {
    for (const input of form.elements) if (input.name && !input.value) input.disabled = true;
  });
}

window.addEventListener("pageshow", () => {
  for (const input of document.querySelectorAll("form[data-submit-on-change] :disabled")) input.disabled = false;
});
