// A real server, with its networks, and a real browser.
import {execFileSync, spawn} from 'node:child_process'
import {mkdirSync, mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {createRequire} from 'node:module'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

const wanted = (name) => {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run this test with ctest`)
  return value
}
// The packages lie where the page was built.
export const packages = createRequire(join(wanted('VULTUS_WEB_PACKAGES'), 'package.json'))
const {chromium} = packages('playwright-core')
const axe = readFileSync(packages.resolve('axe-core/axe.min.js'), 'utf8')
export const portrait = (name) => join(wanted('VULTUS_PORTRAITS'), name)
export const group = (name) => join(wanted('VULTUS_GROUPS'), name)
const pictures = wanted('VULTUS_WEB_PICTURES')
mkdirSync(pictures, {recursive: true})

export async function startServer() {
  const folder = mkdtempSync(join(tmpdir(), 'vultus-web-'))
  // A file that stands for a camera: three seconds of a photo, again and again.
  const cameras = join(folder, 'cameras')
  mkdirSync(cameras)
  const still = (seconds) => ['-loop', '1', '-i', portrait('obama3.jpg'), '-t', seconds, '-r', '12', '-vf', 'scale=640:-2', '-pix_fmt', 'yuv420p']
  execFileSync('ffmpeg', ['-loglevel', 'error', ...still('3'), join(cameras, 'door.mp4')])
  // A camera that has come to its end shows no picture: this one goes on while somebody draws on it.
  execFileSync('ffmpeg', ['-loglevel', 'error', ...still('60'), join(cameras, 'yard.mp4')])
  // And one for the camera of a browser, which reads motion JPEG again and again.
  const still_camera = join(folder, 'still.mjpeg')
  execFileSync('ffmpeg', ['-loglevel', 'error', '-loop', '1', '-i', portrait('obama2.jpg'), '-t', '2', '-r', '15', '-vf', 'scale=-2:480,pad=640:480:(ow-iw)/2', '-q:v', '3', still_camera])
  const server = spawn(wanted('VULTUS_PROGRAM'), ['serve', '--data', join(folder, 'data'), '--listen', '127.0.0.1:0', '--quiet', '--camera-folder', cameras, '--allow-target', '127.0.0.1:9'], {stdio: ['ignore', 'pipe', 'pipe']})
  let told = ''
  server.stderr.on('data', (bytes) => (told += bytes))
  const url = await new Promise((resolve, reject) => {
    server.stdout.on('data', (bytes) => resolve(String(bytes).trim()))
    server.on('exit', (code) => reject(new Error(`vultus serve ended with ${code}: ${told}`)))
  })
  const key = readFileSync(join(folder, 'data', 'admin.key'), 'utf8').trim()
  const stop = async () => {
    const ended = new Promise((resolve) => server.once('exit', resolve))
    server.kill('SIGTERM')
    await ended
    rmSync(folder, {recursive: true})
  }
  return {url, key, stop, still: still_camera}
}

/** @param camera  a file of motion JPEG that its camera shows; else a test picture */
export async function startBrowser(camera = '') {
  const program = process.env.VULTUS_BROWSER ?? '/usr/bin/chromium'
  const args = ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', ...(camera ? [`--use-file-for-fake-video-capture=${camera}`] : []), ...(process.getuid() === 0 ? ['--no-sandbox'] : [])]
  return chromium.launch({executablePath: program, args})
}

/** A tab. What the browser complains about, such as a broken policy, lands in `faults`. */
export async function openTab(browser, url, options = {}) {
  const context = await browser.newContext({viewport: {width: 1280, height: 900}, locale: 'en-GB', colorScheme: 'light', ...options})
  await context.grantPermissions(['camera'], {origin: url})
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const faults = []
  // What the server refuses is shown by the page; the browser notes it too.
  page.on('console', (message) => message.type() === 'error' && !/status of 4\d\d/.test(message.text()) && faults.push(message.text()))
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !/^(blob|data):/.test(request.url())) faults.push(`asked elsewhere: ${request.url()}`)
  })
  return {page, context, faults}
}

export async function signIn(page, url, key) {
  await page.goto(url)
  await page.getByLabel('Key', {exact: true}).fill(key)
  await page.getByRole('button', {name: 'Sign in'}).click()
  await page.getByRole('heading', {level: 1, name: 'People'}).waitFor()
}

export async function visit(page, name) {
  await page.getByRole('navigation', {name: 'Pages'}).getByRole('link', {name, exact: true}).click()
  await page.getByRole('heading', {level: 1, name}).waitFor()
}

export const shot = (page, name) => page.screenshot({path: join(pictures, `${name}.png`), fullPage: true, animations: 'disabled'})

/** What axe-core finds that keeps people out: rules of WCAG 2.2 A and AA. */
export async function barriers(page) {
  // Colours are measured when nothing fades any more.
  await page.waitForFunction(() => !document.querySelector('.p-toast-message'))
  await page.waitForTimeout(400)
  await page.evaluate(axe)
  const run = () => globalThis.axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
  const {violations} = await page.evaluate(run)
  return violations
    .filter((one) => one.impact === 'serious' || one.impact === 'critical')
    .map((one) => `${one.id}: ${one.help}: ${one.nodes.map((node) => `${node.target} ${node.failureSummary}`).join('; ')}`)
}
