(() => {
  const status = document.getElementById('status');
  const started = Date.now();
  let wait = 400;
  const look = async () => {
    try {
      const answer = await fetch(status.dataset.progress, { cache: 'no-store', credentials: 'same-origin' });
      if (answer.ok && (await answer.json()).state !== 'pending') {
        if (status.dataset.outcome) {
          location.replace(status.dataset.outcome);
        } else {
          location.reload();
        }
        return;
      }
    } catch (unreachable) {
      // Looked for again below.
    }
    const waited = Date.now() - started;
    const slow = document.getElementById('slow');
    if (slow) {
      slow.hidden = waited < 15000;
    }
    if (waited < 1800000) {
      wait = Math.min(wait * 1.3, 5000);
      setTimeout(look, wait);
    }
  };
  setTimeout(look, wait);
})();
