// Whoever has no mouse scrolls a wide equation with the arrow keys: it takes the focus while it is too wide.
function reachWideEquations() {
  for (const equation of document.querySelectorAll("div.math")) {
    equation.toggleAttribute("tabindex", false);
    if (equation.scrollWidth > equation.clientWidth) equation.tabIndex = 0;
  }
}

window.addEventListener("load", async () => {
  // The theme calls its button "Search" where it shows "Search Ctrl + K": let it be called what it shows.
  for (const button of document.querySelectorAll(".search-button-field")) button.removeAttribute("aria-label");
  await window.MathJax?.startup?.promise;
  reachWideEquations();
  window.addEventListener("resize", reachWideEquations);
});
