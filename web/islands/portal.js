// The public portal. Every page works without this: here a visitor can add where he is to what he says.
import './styles/portal.css';
import { position } from './forms/places.js';

for (const form of document.querySelectorAll('[data-portal-form]')) {
  const place = form.querySelector('[data-place]');
  if (!place || !('geolocation' in navigator) || !isSecureContext) continue;
  place.hidden = false;
  place.querySelector('[data-portal-locate]').addEventListener('click', async (event) => {
    event.currentTarget.setAttribute('aria-busy', 'true');
    const found = await position();
    place.querySelector('[aria-busy]').removeAttribute('aria-busy');
    place.querySelector('[data-note]').textContent = found ? form.dataset.located : form.dataset.notLocated;
    const [lat, lon] = place.querySelectorAll('input');
    lat.disabled = lon.disabled = !found;
    if (found) [lat.value, lon.value] = [found.latitude.toFixed(6), found.longitude.toFixed(6)];
  });
}
