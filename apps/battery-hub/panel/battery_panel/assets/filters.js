// The filters are links and a list of addresses: follow them without loading the page anew.
function follow(address) {
  window.history.pushState({}, "", address);
  window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-filter]");
  if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  follow(link.href);
});
document.addEventListener("change", (event) => {
  if (event.target.matches("select[data-filter]")) follow(event.target.value);
});
