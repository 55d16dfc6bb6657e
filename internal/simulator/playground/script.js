// Shows what is new without a press of reload, unless somebody is filling in a form.
'use strict';

const shown = document.documentElement.dataset.version;

const busy = () =>
  document.querySelector('details[open]') !== null || ['INPUT', 'SELECT'].includes(document.activeElement?.tagName ?? '');

setInterval(async () => {
  if (busy() || document.hidden) return;

  // The simulator may have been stopped: the page then stays as it is.
  const response = await fetch('/_ui/version').catch(() => null);
  if (response?.ok && (await response.text()) !== shown && !busy()) location.reload();
}, 2000);
