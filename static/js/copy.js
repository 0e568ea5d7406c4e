// A button that copies what a field shows: `data-copy="id of the field"`. Without it the field can be copied by hand.

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const label = button.querySelector("span");
  const said = label.textContent;
  label.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy"); // a site without HTTPS has no clipboard of its own
    }
    label.textContent = button.dataset.copied;
    setTimeout(() => { label.textContent = said; }, 3000);
  });
}
for (const field of document.querySelectorAll("[data-copy-field]")) {
  field.addEventListener("focus", () => field.select());
}
