// Whoever has no mouse scrolls a wide equation with the arrow keys: it takes the focus while it is too wide.
function reachWideEquations() {
  for (const equation of document.querySelectorAll("div.math")) {
    equation.toggleAttribute("tabindex", false);
    if (equation.scrollWidth > equation.clientWidth) equation.tabIndex = 0;
  }
}

window.addEventListener("load", async () => {
  await window.MathJax?.startup?.promise;
  reachWideEquations();
  window.addEventListener("resize", reachWideEquations);
});
