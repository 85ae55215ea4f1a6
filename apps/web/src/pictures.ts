// Pictures that the person chose, without the server.

/** A piece of a picture around a box, in pixels of the upright picture, as an address for <img>; '' where it cannot be shown. */
export async function cropOf(file: File | undefined, box: number[]): Promise<string> {
  const [x = 0, y = 0, width = 1, height = 1] = box
  const margin = 0.25 * Math.max(width, height)
  try {
    if (!file) return ''
    const side = Math.max(width, height) + 2 * margin
    const bitmap = await createImageBitmap(file)
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = 176
    const from = [x + width / 2 - side / 2, y + height / 2 - side / 2] as const
    canvas.getContext('2d')?.drawImage(bitmap, ...from, side, side, 0, 0, 176, 176)
    bitmap.close()
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.85))
    return blob ? URL.createObjectURL(blob) : ''
  } catch {
    // A kind of picture that the browser does not know, such as HEIC: the server does.
    return ''
  }
}

/** The bytes as "data:image/jpeg;base64,...". */
export function dataUrlOf(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error ?? new Error(file.name))
    reader.readAsDataURL(file)
  })
}
