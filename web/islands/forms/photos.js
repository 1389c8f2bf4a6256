// Makes a photo small enough for a mobile connection and keeps what the camera wrote about time and place.
const LONGEST_SIDE = 1600;
const QUALITY = 0.85;
const SMALL = 1_000_000; // bytes; such a picture is sent as it is

export async function prepare(file) {
  const untouched = { blob: file, name: file.name };
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    return untouched; // no picture this browser can read: the server decides
  }
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  if (scale === 1 && ['image/jpeg', 'image/png'].includes(file.type) && file.size <= SMALL) return untouched;
  const drawn = await jpeg(bitmap, Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
  bitmap.close();
  if (!drawn) return untouched;
  const notes = exifOf(new Uint8Array(await file.slice(0, 262_144).arrayBuffer()));
  const blob = notes ? new Blob([drawn.slice(0, 2), notes, drawn.slice(2)], { type: 'image/jpeg' }) : drawn;
  return { blob, name: `${file.name.replace(/\.[^.]*$/, '')}.jpg` };
}

async function jpeg(bitmap, width, height) {
  if (typeof OffscreenCanvas === 'function') {
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext('2d').drawImage(bitmap, 0, 0, width, height);
    return canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
  }
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  canvas.getContext('2d').drawImage(bitmap, 0, 0, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
}

// The APP1 segment of a JPEG that holds EXIF (Exif 2.3, 4.5.4), with the orientation set to upright, because the
// canvas has turned the picture already. Null if there is none.
export function exifOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return null;
  let at = 2;
  while (at + 10 < bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda) {
    const length = view.getUint16(at + 2);
    if (bytes[at + 1] === 0xe1 && view.getUint32(at + 4) === 0x45786966 && at + 2 + length <= bytes.length) {
      return upright(bytes.slice(at, at + 2 + length));
    }
    at += 2 + length;
  }
  return null;
}

function upright(segment) {
  const start = 10; // marker, length, "Exif\0\0"
  const view = new DataView(segment.buffer);
  try {
    const little = view.getUint16(start) === 0x4949;
    const directory = start + view.getUint32(start + 4, little);
    const entries = view.getUint16(directory, little);
    for (let entry = 0; entry < entries; entry += 1) {
      const at = directory + 2 + 12 * entry;
      if (view.getUint16(at, little) === 0x0112) view.setUint16(at + 8, 1, little);
    }
  } catch (error) {
    if (error instanceof RangeError) return null; // damaged notes would only confuse
    throw error;
  }
  return segment;
}
