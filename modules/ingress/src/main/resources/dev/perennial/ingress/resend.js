(() => {
  const form = document.getElementById('resend');
  const after = Number(form.getAttribute('data-after'));
  // A hidden field may be called "submit", so the method is taken from the prototype.
  if (after >= 0) {
    setTimeout(() => HTMLFormElement.prototype.submit.call(form), after * 1000);
  }
})();
