// The drawing as a picture for papers and slides: SVG as it is, PNG twice as large, with the labels of agreements.
const SCALE = 2;
const MOST = 8000; // pixels at each side: what browsers can still paint
const MARK = 'font-family="sans-serif" font-size="11" fill="#1b2733"';

export async function picture(modeler) {
  const { svg } = await modeler.saveSVG();
  const marks = [...document.querySelectorAll('.agreement-mark')].flatMap((mark) => {
    const shape = modeler.get('elementRegistry').get(mark.closest('[data-container-id]')?.dataset.containerId);
    if (!shape || modeler.get('canvas').findRoot(shape) !== modeler.get('canvas').getRootElement()) return [];
    return [`<text x="${shape.x + 8}" y="${shape.y + shape.height - 6}" ${MARK}>${escaped(mark.textContent)}</text>`];
  });
  return svg.replace(/<\/svg>\s*$/, `${marks.join('')}</svg>`);
}

// The same as pixels. Raises an error where the browser can't paint it.
export async function pixels(modeler) {
  const svg = await picture(modeler);
  const image = new Image();
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    image.src = address;
    await image.decode();
    const scale = Math.min(SCALE, MOST / image.width, MOST / image.height);
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width * scale, height: image.height * scale });
    const pen = canvas.getContext('2d');
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((give) => canvas.toBlob(give, 'image/png'));
  } finally {
    URL.revokeObjectURL(address);
  }
}

export function download(blob, name) {
  const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
