(() => {
  const told = document.getElementById('tell').dataset;
  if (window.opener) {
    // A hint: whoever hears it asks how it went.
    window.opener.postMessage({ perennial: told.status, connection: told.connection }, told.origin);
  }
  if (told.closes === 'true') {
    setTimeout(() => window.close(), 1500);
  }
})();
