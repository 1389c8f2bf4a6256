// Fills in where the device is.
export function locate(form, texts, changed) {
  if (!('geolocation' in navigator)) return;
  const reveal = () => {
    for (const button of form.querySelectorAll('[data-locate]')) button.hidden = false;
  };
  form.addEventListener('change', reveal);
  reveal();
  form.addEventListener('click', async (event) => {
    const button = event.target.closest('[data-locate]');
    if (!button) return;
    const place = button.closest('[data-place]');
    const note = place.querySelector('[data-note]');
    button.setAttribute('aria-busy', 'true');
    note.textContent = texts.locating;
    const found = await position();
    button.removeAttribute('aria-busy');
    note.textContent = found ? texts.located.replace('{metres}', Math.round(found.accuracy)) : texts.notLocated;
    if (!found) return;
    const [lat, lon, accuracy] = place.querySelectorAll('input');
    lat.value = found.latitude.toFixed(6);
    lon.value = found.longitude.toFixed(6);
    accuracy.value = Math.round(found.accuracy);
    changed();
  });
}

// The coordinates, or null if the device can't or may not say within ten seconds.
export function position() {
  return new Promise((resolve) => {
    if (!('geolocation' in navigator)) {
      resolve(null);
      return;
    }
    navigator.geolocation.getCurrentPosition(
      (found) => resolve(found.coords),
      () => resolve(null),
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
    );
  });
}
