// The page in a real browser, against a real server with its networks, on real photos.
import assert from 'node:assert/strict'
import {readFileSync} from 'node:fs'
import {after, before, test} from 'node:test'
import {typesOf} from '../tools/api_types.mjs'
import {barriers, group, openTab, portrait, shot, signIn, startBrowser, startServer, visit} from './world.mjs'

let server
let browser
let tab
let page
before(async () => {
  server = await startServer()
  browser = await startBrowser()
  tab = await openTab(browser, server.url)
  page = tab.page
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const isSound = async (name) => {
  await shot(page, name)
  assert.deepEqual(await barriers(page), [], `barriers on ${name}`)
  assert.deepEqual(tab.faults, [], `faults of the browser on ${name}`)
}

test('the types of the page are those of the document that the server answers', async () => {
  const document = await (await fetch(`${server.url}/v1/openapi.json`)).text()
  const committed = readFileSync(new URL('../src/api/schema.ts', import.meta.url), 'utf8')
  assert.equal(committed, await typesOf(document), 'run: npm run api-types -- ADDRESS')
})

test('a wrong key is refused with the reason, and the right one is kept in this tab alone', async () => {
  await page.goto(server.url)
  await isSound('sign-in')
  await page.getByLabel('Key', {exact: true}).fill('vultus_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')
  await page.getByRole('button', {name: 'Sign in'}).click()
  await page.getByText('The key is not valid').waitFor()
  await signIn(page, server.url, server.key)
  assert.equal(await page.evaluate(() => localStorage.getItem('vultus.key')), null)
  assert.deepEqual(await tab.context.cookies(), [])
  const other = await openTab(browser, server.url)
  await other.page.goto(server.url)
  await other.page.getByRole('heading', {name: 'Sign in'}).waitFor()
  await other.context.close()
})

test('a collection is made', async () => {
  await visit(page, 'Collections')
  await page.getByLabel('Name', {exact: true}).fill('staff')
  await page.getByRole('button', {name: 'Make the collection'}).click()
  await page.getByRole('heading', {level: 2, name: 'staff'}).waitFor()
  await isSound('collections')
})

test('photos are enrolled, each with its answer, and a refusal tells its reason', async () => {
  await visit(page, 'Enrol')
  const files = page.locator('input[type=file]').first()
  await files.setInputFiles(['obama.jpg', 'obama2.jpg', 'biden.jpg'].map(portrait).concat(group('sample1.jpg')))
  await page.getByLabel('Name for obama.jpg').fill('Barack Obama')
  await page.getByLabel('Name for obama2.jpg').fill('B. Obama')
  await page.getByLabel('Name for biden.jpg').fill('Joe Biden')
  await page.getByRole('button', {name: 'Enrol 4 pictures'}).click()
  await page.getByText(/of 4$/).filter({hasText: /0 already there/}).waitFor()
  await page.waitForFunction(() => document.querySelectorAll('[data-state=enrolled], [data-state=skipped]').length === 4)
  const refused = await page.locator('li[data-state=skipped]').allInnerTexts()
  assert.ok(refused.some((text) => text.includes('The picture shows several people.')), refused.join('\n'))
  // The gate knows a person again: the second Obama conflicts with the first one.
  assert.ok(refused.some((text) => /looks like Barack Obama/.test(text)), refused.join('\n'))
  await isSound('enrol')
  await page.getByLabel('Enrol whatever shows a face').check()
  await page.locator('li[data-state=skipped]', {hasText: 'obama2.jpg'}).getByRole('button', {name: 'Try again'}).click()
  await page.getByRole('button', {name: 'Enrol 1 picture'}).click()
  await page.waitForFunction(() => document.querySelectorAll('[data-state=enrolled]').length === 3)
})

test('a picture of the camera is taken and refused where it shows nobody', async () => {
  await page.getByRole('button', {name: 'Camera'}).click()
  await page.waitForFunction(() => document.querySelector('video')?.videoWidth > 0)
  await page.getByRole('button', {name: 'Take the picture'}).click()
  await page.getByLabel('Name for camera.jpg').fill('Nobody')
  await page.getByRole('button', {name: 'Enrol 1 picture'}).click()
  await page.locator('li[data-state=skipped]', {hasText: 'No face was found.'}).waitFor()
})

test('people are found, merged and renamed', async () => {
  await visit(page, 'People')
  await page.getByText('3 people', {exact: true}).waitFor()
  await page.waitForFunction(() => document.querySelectorAll('.person img').length === 3)
  await isSound('people')
  await page.getByLabel('Choose B. Obama').check()
  await page.getByLabel('Choose Barack Obama').check()
  await page.getByRole('button', {name: 'Merge 2 chosen'}).click()
  await page.getByRole('dialog').getByLabel(/Barack Obama/).check()
  await page.getByRole('dialog').getByRole('button', {name: 'Merge'}).click()
  await page.getByText('2 people', {exact: true}).waitFor()
  await page.getByRole('link', {name: /Joe Biden/}).click()
  await page.getByRole('heading', {level: 1, name: 'Joe Biden'}).waitFor()
  await page.getByLabel('Name', {exact: true}).fill('Joseph Biden')
  await page.getByLabel('Consent').fill('form 2026-114')
  await page.getByLabel('Keep until').fill('2031-01-31')
  await page.getByRole('button', {name: 'Save', exact: true}).click()
  await page.getByRole('heading', {level: 1, name: 'Joseph Biden'}).waitFor()
  await page.reload()
  await page.getByRole('heading', {level: 1, name: 'Joseph Biden'}).waitFor()
  assert.equal(await page.getByLabel('Keep until').inputValue(), '2031-01-31')
  await page.waitForFunction(() => document.querySelectorAll('.face img').length === 1)
  await isSound('person')
})

test('everything about a person is exported', async () => {
  await visit(page, 'People')
  await page.getByRole('link', {name: /Joseph Biden/}).click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', {name: /Export everything/}).click()])
  const told = JSON.parse(readFileSync(await download.path(), 'utf8'))
  assert.equal(told.subject.consent, 'form 2026-114')
  assert.equal(told.faces.length, 1)
  assert.ok(Object.values(told.photos_jpeg_base64)[0].startsWith('/9j/'), 'a JPEG')
  assert.ok(told.audit.some((record) => record.what === 'enrol'), JSON.stringify(told.audit))
})

test('a person is named in another photo, with threshold, rate and probability beside', async () => {
  await visit(page, 'Identify')
  await page.getByLabel('Purpose, for the audit log').fill('test of the page')
  await page.locator('input[type=file]').first().setInputFiles(portrait('obama3.jpg'))
  const face = page.locator('article', {hasText: 'Barack Obama'})
  await face.waitFor()
  const text = await face.innerText()
  assert.match(text, /Similarity \(cosine\)\s+0\.\d{3}\b/)
  assert.match(text, /Calibrated probability\s+> 99\.99\s?%/)
  assert.match(await page.getByRole('region', {name: 'Result'}).innerText(), /1 in 10,000 \(0\.01\s?%\)/)
  assert.doesNotMatch(text, /cosine\)\s+[\d.]+\s?%/, 'a cosine is no percentage')
  await isSound('identify')
})

test('every face of a group photo gets a box, and strangers get no name', async () => {
  await page.locator('input[type=file]').first().setInputFiles(group('sample1.jpg'))
  await page.locator('figure rect').nth(2).waitFor()
  assert.equal(await page.locator('figure rect').count(), await page.locator('article').count())
  assert.match(await page.locator('article').first().innerText(), /nobody known/)
  const inside = await page.evaluate(() => {
    const outer = document.querySelector('figure').getBoundingClientRect()
    return [...document.querySelectorAll('figure rect')].every((one) => {
      const box = one.getBoundingClientRect()
      return box.width > 5 && box.left >= outer.left - 5 && box.right <= outer.right + 5 && box.bottom <= outer.bottom + 5
    })
  })
  assert.ok(inside, 'the boxes lie on the picture')
})

test('two pictures are compared', async () => {
  await visit(page, 'Compare')
  await page.locator('[data-test=picture-a] input[type=file]').setInputFiles(portrait('obama.jpg'))
  await page.locator('[data-test=picture-b] input[type=file]').setInputFiles(portrait('obama2.jpg'))
  await page.getByRole('cell', {name: 'Same person'}).waitFor()
  await isSound('compare')
  await page.locator('[data-test=picture-b] input[type=file]').setInputFiles(portrait('biden.jpg'))
  await page.getByRole('cell', {name: 'Not above the threshold'}).waitFor()
})

test('one of two faces is moved to a new person, who is then no longer merged by mistake', async () => {
  await visit(page, 'People')
  await page.getByRole('link', {name: /Barack Obama/}).click()
  await page.getByLabel('Choose face 2').check()
  await page.getByRole('button', {name: 'Move 1 chosen', exact: true}).click()
  await page.getByLabel('Whose are they?').fill('Somebody else')
  await page.getByRole('dialog').getByRole('button', {name: 'Move', exact: true}).click()
  await page.getByText('Moved', {exact: true}).waitFor()
  await visit(page, 'People')
  await page.getByText('3 people', {exact: true}).waitFor()
  await page.getByLabel('Choose Somebody else').check()
  await page.getByLabel('Choose Barack Obama').check()
  await page.getByRole('button', {name: 'Merge 2 chosen'}).click()
  await page.getByRole('dialog').getByRole('button', {name: 'Merge'}).click()
  await page.getByRole('dialog').getByText(/These are known to be two people/).waitFor()
  await page.getByRole('dialog').getByRole('button', {name: 'Cancel'}).click()
})

test('the calibration says how many pairs are missing', async () => {
  await visit(page, 'Calibration')
  await page.getByRole('button', {name: 'Measure', exact: true}).click()
  await page.getByRole('alert').getByText(/needs at least 3000 pairs of different people, there are/).waitFor()
  await isSound('calibration')
})

test('where there are enough pairs, the curve tells both rates, and the slider moves with the keyboard', async () => {
  const ask = (path, body, type) =>
    fetch(`${server.url}/v1/collections${path}`, {method: 'POST', headers: {'X-Api-Key': server.key, ...(type ? {'Content-Type': type} : {})}, body})
  assert.equal((await ask('', JSON.stringify({collection: 'measured'}), 'application/json')).status, 201)
  const faces = [['Obama', 'obama.jpg'], ['Obama', 'obama2.jpg'], ['Obama', 'obama3.jpg'], ['Biden', 'biden.jpg']].map(([name, file]) => [name, portrait(file)])
  for (const n of [1, 2, 3, 4, 5, 6]) faces.push([`Stranger ${n}`, group(`sample${n}.jpg`)])
  for (const [name, file] of faces) {
    const form = new FormData()
    form.append('subject', name)
    form.append('image', new Blob([readFileSync(file)]))
    assert.equal((await (await ask('/measured/faces?force=true&largest=true', form)).json()).enrolled, 1, file)
  }
  await page.evaluate(() => sessionStorage.setItem('vultus.collection', 'measured'))
  await page.reload()
  await page.getByRole('combobox', {name: 'False match rate wanted'}).click()
  await page.getByRole('option', {name: /^1 in 10 /}).click()
  await page.getByRole('button', {name: 'Measure', exact: true}).click()
  // Three pairs of Obama; of the 45 pairs of ten faces 42 are of strangers.
  await page.getByText(/from 42 pairs of strangers and 3 pairs of the same person \(8 people\)/).waitFor()
  const slider = page.getByRole('slider', {name: 'Threshold'})
  await slider.focus()
  await page.keyboard.press('Home')
  assert.equal(await page.locator('[data-test=curve-fmr]').innerText(), '100%')
  assert.equal(await page.locator('[data-test=curve-fnmr]').innerText(), 'none of 3 pairs')
  await page.keyboard.press('End')
  assert.equal(await page.locator('[data-test=curve-fmr]').innerText(), 'none of 42 pairs')
  for (let i = 0; i < 8; ++i) await page.keyboard.press('ArrowLeft')
  await isSound('curve')
  await page.evaluate(() => sessionStorage.setItem('vultus.collection', 'staff'))
  await page.reload()
})

test('the audit log is filtered and verified', async () => {
  await visit(page, 'Audit log')
  await page.getByLabel('Filter').fill('test of the page')
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length > 0 && [...document.querySelectorAll('tbody tr')].every((row) => row.innerText.includes('test of the page')))
  await page.getByLabel('Filter').fill('')
  await page.getByRole('button', {name: 'Verify the log', exact: true}).click()
  await page.getByText(/The log is sound/).waitFor()
  await isSound('audit')
})

test('a key is shown once and works until it is revoked', async () => {
  await visit(page, 'Keys')
  await page.getByLabel('Name', {exact: true}).fill('front desk')
  await page.getByRole('button', {name: 'Make the key'}).click()
  const secret = await page.locator('[data-test=secret]').innerText()
  const ask = () => fetch(`${server.url}/v1/whoami`, {headers: {'X-Api-Key': secret}})
  assert.equal((await (await ask()).json()).scope, 'identify')
  await isSound('keys')
  await page.getByRole('button', {name: 'Hide'}).click()
  assert.equal(await page.getByText(secret).count(), 0)
  const desk = await openTab(browser, server.url)
  await signIn(desk.page, server.url, secret)
  const pages = await desk.page.getByRole('navigation', {name: 'Pages'}).getByRole('link').allInnerTexts()
  assert.ok(pages.includes('Identify') && !pages.includes('Enrol') && !pages.includes('Keys'), pages.join())
  await desk.context.close()
  await page.getByRole('button', {name: 'Revoke front desk'}).click()
  await page.getByRole('alertdialog').getByRole('button', {name: 'Revoke'}).click()
  await page.getByText(/^revoked /).waitFor()
  assert.equal((await ask()).status, 401)
})

test('the state of the server is shown, with the licences of the page', async () => {
  await visit(page, 'System')
  await page.getByText('ok, ready').waitFor()
  await isSound('system')
  const licences = await (await fetch(`${server.url}/licences.txt`)).text()
  for (const name of ['primevue', 'vue-router', 'vue-i18n', '@vue/runtime-dom', '@primeuix/themes']) assert.ok(licences.includes(name), name)
})

test('a Timeline is read, and a click goes there', async () => {
  await visit(page, 'Timeline')
  const lines = [
    {type: 'source', id: 1, path: 'clip.mp4', width: 640, height: 360, clock: {numerator: 25, denominator: 1, offset: 0, drift_ppm: 0}, error: null},
    {type: 'track', id: 7, source: 1},
    {type: 'observation', track: 7, ticks: 50, box: [10, 20, 30, 40]},
    {type: 'observation', track: 7, ticks: 125, box: [10, 20, 30, 40]},
    {type: 'reading', channel: 'identity.subject', track: 7, ticks: 50, value: 'Ada Lovelace', reason: ''}
  ]
  const buffer = Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n'))
  await page.locator('input[type=file]').first().setInputFiles({name: 'clip.jsonl', mimeType: 'application/jsonl', buffer})
  await page.getByRole('button', {name: 'Go to Ada Lovelace, seen from 2.0 to 5.0 seconds'}).click()
  await isSound('timeline')
  const rows = [
    {file: 'clip.mp4', frame: 10, time: 0.4, track: 1, box: [1, 2, 3, 4], detected: true, subject: null},
    {file: 'clip.mp4', frame: 60, time: 2.4, track: 1, box: [1, 2, 3, 4], detected: true, subject: 'Grace Hopper'}
  ]
  const told = Buffer.from(rows.map((line) => JSON.stringify(line)).join('\n'))
  await page.locator('input[type=file]').first().setInputFiles({name: 'rows.jsonl', mimeType: 'application/jsonl', buffer: told})
  await page.getByRole('button', {name: 'Go to Grace Hopper, seen from 0.4 to 2.4 seconds'}).waitFor()
  await page.locator('input[type=file]').first().setInputFiles({name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no')})
  await page.getByText('notes.txt is no Timeline and no rows of a video (line 1)').waitFor()
})

test('a person is removed with the keyboard alone', async () => {
  await visit(page, 'People')
  await page.getByText('3 people', {exact: true}).waitFor()
  const focused = () => page.evaluate(() => document.activeElement?.innerText?.trim() || document.activeElement?.getAttribute('aria-label') || '')
  const reach = async (pattern, most = 60) => {
    for (let i = 0; i < most; ++i) {
      await page.keyboard.press('Tab')
      if (pattern.test(await focused())) return
    }
    assert.fail(`${pattern} cannot be reached`)
  }
  await page.reload()
  await page.getByText('3 people', {exact: true}).waitFor()
  await page.keyboard.press('Tab')
  assert.equal(await focused(), 'Skip to the content', 'the first stop')
  await page.keyboard.press('Enter')
  await reach(/Somebody else/)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', {level: 1, name: 'Somebody else'}).waitFor()
  await reach(/^Remove$/)
  await page.keyboard.press('Enter')
  await page.getByRole('alertdialog').waitFor()
  await reach(/^Remove$/, 5)
  await page.keyboard.press('Enter')
  await page.getByText('2 people', {exact: true}).waitFor()
})

test('dark appearance is that of the system, and can be switched', async () => {
  const dark = await openTab(browser, server.url, {colorScheme: 'dark'})
  // A new tab would begin with the first collection.
  await dark.page.addInitScript(() => sessionStorage.setItem('vultus.collection', 'staff'))
  await signIn(dark.page, server.url, server.key)
  const background = () => dark.page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  await dark.page.getByText('2 people', {exact: true}).waitFor()
  await dark.page.waitForFunction(() => document.querySelectorAll('.person img').length === 2)
  await shot(dark.page, 'people-dark')
  assert.equal(await background(), 'rgb(16, 21, 23)')
  assert.deepEqual(await barriers(dark.page), [])
  await dark.page.getByRole('button', {name: 'Light appearance'}).click()
  assert.equal(await background(), 'rgb(246, 247, 248)')
  assert.deepEqual(dark.faults, [])
  await dark.context.close()
})

test('a camera is added and seen, and who comes is told and found again', async () => {
  await visit(page, 'Live')
  await page.getByLabel('Name', {exact: true}).fill('front door')
  await page.getByLabel('Address (RTSP, HTTP or a device)').fill('file:../key')
  await page.getByRole('button', {name: 'Add the camera'}).click()
  await page.getByRole('alert').first().waitFor()
  await page.getByLabel('Address (RTSP, HTTP or a device)').fill('file:door.mp4')
  await page.getByRole('button', {name: 'Add the camera'}).click()
  const camera = page.getByRole('region', {name: 'front door'})
  await camera.getByText('running').waitFor({timeout: 30_000})
  await page.getByText('Barack Obama').first().waitFor({timeout: 30_000})
  await page.waitForFunction(() => document.querySelector('.wall img')?.naturalWidth > 0)
  await isSound('live')
  await visit(page, 'Events')
  const row = page.locator('.event').filter({hasText: 'Barack Obama'})
  await row.first().waitFor()
  assert.match(await row.first().innerText(), /front door/)
  await page.getByLabel('Name', {exact: true}).fill('Nobody')
  await page.getByRole('button', {name: 'Search'}).click()
  await row.first().waitFor({state: 'detached'})
  await isSound('events')
  await visit(page, 'Live')
  await camera.getByRole('button', {name: 'Remove'}).click()
  await page.getByRole('alertdialog').getByRole('button', {name: 'Remove'}).click()
  await camera.waitFor({state: 'detached'})
})

test('a zone is drawn on the picture of a camera, and one is typed', async () => {
  await visit(page, 'Live')
  await page.getByLabel('Name', {exact: true}).fill('back door')
  await page.getByLabel('Address (RTSP, HTTP or a device)').fill('file:yard.mp4')
  await page.getByRole('button', {name: 'Add the camera'}).click()
  const camera = page.getByRole('region', {name: 'back door'})
  await camera.getByText('running').waitFor({timeout: 30_000})
  await page.waitForFunction(() => document.querySelector('.wall img')?.naturalWidth > 0)
  await camera.getByRole('button', {name: 'Rules of back door'}).click()
  const dialog = page.getByRole('dialog')
  const drawing = dialog.locator('[data-test=zone-drawing]')
  await drawing.locator('img').waitFor()
  await page.waitForTimeout(300)
  const {width, height} = await drawing.boundingBox()
  for (const [x, y] of [[0.25, 0.25], [0.75, 0.25], [0.75, 0.75]]) await drawing.click({position: {x: width * x, y: height * y}})
  await dialog.getByLabel('Name of zone 1').fill('porch')
  await dialog.getByRole('button', {name: 'New zone'}).click()
  await dialog.getByText('A zone needs three corners.').waitFor()
  assert.ok(await dialog.getByRole('button', {name: 'Save'}).isDisabled())
  await dialog.getByText('in numbers').click()
  for (let i = 0; i < 3; ++i) await dialog.getByRole('button', {name: 'New corner'}).click()
  await dialog.getByLabel('Corner 1: percent from the left').fill('0')
  await dialog.getByLabel('Corner 2: percent from the top').fill('100')
  await dialog.getByLabel('Corner 2: percent from the top').press('Tab')
  await dialog.getByLabel('Name nobody whose face is not judged live').check()
  await isSound('zones')
  await dialog.getByRole('button', {name: 'Save'}).click()
  await dialog.waitFor({state: 'detached'})
  const {cameras} = await (await fetch(`${server.url}/v1/cameras`, {headers: {'X-Api-Key': server.key}})).json()
  const {rules, require_live} = cameras.find((one) => one.name === 'back door')
  assert.equal(require_live, true)
  assert.deepEqual(rules.zones.map((zone) => zone.name), ['porch', 'Zone 2'])
  for (const [index, [x, y]] of [[0.25, 0.25], [0.75, 0.25], [0.75, 0.75]].entries()) {
    assert.ok(Math.abs(rules.zones[0].polygon[index][0] - x) < 0.01, JSON.stringify(rules))
    assert.ok(Math.abs(rules.zones[0].polygon[index][1] - y) < 0.01, JSON.stringify(rules))
  }
  assert.deepEqual(rules.zones[1].polygon, [[0, 0.5], [0.5, 1], [0.5, 0.5]])
  await camera.getByRole('button', {name: 'Remove'}).click()
  await page.getByRole('alertdialog').getByRole('button', {name: 'Remove'}).click()
  await camera.waitFor({state: 'detached'})
})

test('a webhook is added, its secret shown once, and removed', async () => {
  await visit(page, 'Webhooks')
  await page.getByLabel('Name', {exact: true}).fill('door opener')
  await page.getByLabel('Address (https://)').fill('http://10.0.0.1/faces')
  await page.getByRole('button', {name: 'Add the webhook'}).click()
  await page.getByRole('alert').getByText(/may not connect/).waitFor()
  await page.getByLabel('Address (https://)').fill('http://127.0.0.1:9/faces')
  await page.getByRole('button', {name: 'Add the webhook'}).click()
  assert.match(await page.locator('[data-test=webhook-secret]').innerText(), /^whsec_/)
  await page.getByRole('region', {name: 'door opener'}).waitFor()
  await isSound('webhooks')
  await page.getByRole('button', {name: 'Hide'}).click()
  await page.getByRole('button', {name: 'Remove door opener'}).click()
  await page.getByRole('alertdialog').getByRole('button', {name: 'Remove'}).click()
  await page.getByText('There is no webhook yet.').waitFor()
})

test('a photo held before the camera passes no liveness check, and nobody is named', async () => {
  // Chromium's camera is the photo, still; the page shows the steps, records and sends.
  const actor = await startBrowser(server.still)
  try {
    const stage = await openTab(actor, server.url)
    await stage.page.addInitScript(() => sessionStorage.setItem('vultus.collection', 'staff'))
    await signIn(stage.page, server.url, server.key)
    await visit(stage.page, 'Liveness check')
    await stage.page.getByLabel('Also say who it is').check()
    await stage.page.getByRole('button', {name: 'Begin'}).click()
    const order = stage.page.locator('[data-test=order]')
    await order.filter({hasText: /Blink once|Turn your head|Smile/}).waitFor()
    await shot(stage.page, 'liveness-step')
    const answer = stage.page.locator('[data-test=liveness-answer]')
    await answer.waitFor({timeout: 120_000})
    assert.notEqual(await answer.getAttribute('data-decision'), 'live')
    assert.match(await answer.innerText(), /not told: nobody is named who is not judged live/)
    assert.equal(await answer.locator('tbody tr').count(), 3)
    await shot(stage.page, 'liveness-answer')
    assert.deepEqual(await barriers(stage.page), [])
    assert.deepEqual(stage.faults, [])
  } finally {
    await actor.close()
  }
})

test('people whom nobody has named come in groups, and a group is enrolled at once', async () => {
  await visit(page, 'Name people')
  await page.locator('input[type=file]').first().setInputFiles(['obama.jpg', 'obama3.jpg', 'biden.jpg'].map(portrait).concat(group('sample4.jpg')))
  await page.locator('[data-test=clusters-status]').waitFor()
  await page.getByRole('link', {name: /Obama/}).waitFor()
  await page.getByRole('button', {name: /faces that are alone/}).click()
  await page.waitForFunction(() => document.querySelectorAll('.cluster .crops img').length >= 6)
  await isSound('clusters')
  const stranger = page.locator('section.cluster').first()
  await stranger.getByLabel('Name of this person').fill('Somebody of a group')
  await stranger.getByRole('button', {name: 'Enrol'}).click()
  await stranger.getByText(/of 1 faces enrolled/).waitFor()
})

test('on a phone nothing is wider than the screen, and the menu opens', async () => {
  const phone = await openTab(browser, server.url, {viewport: {width: 375, height: 740}, isMobile: true, hasTouch: true})
  await signIn(phone.page, server.url, server.key)
  for (const name of ['Enrol', 'Identify', 'Compare', 'Liveness check', 'Live', 'Events', 'Webhooks', 'Calibration', 'Audit log', 'Collections', 'Keys', 'System', 'People']) {
    await phone.page.getByRole('button', {name: 'Menu'}).tap()
    await visit(phone.page, name)
    await phone.page.getByRole('dialog').waitFor({state: 'detached'})
    const wide = await phone.page.evaluate(() => document.documentElement.scrollWidth)
    assert.ok(wide <= 375, `${name} is ${wide} pixels wide`)
  }
  await shot(phone.page, 'people-phone')
  assert.deepEqual(await barriers(phone.page), [])
  await phone.context.close()
})

test('signing out forgets the key', async () => {
  await page.getByRole('button', {name: 'Sign out'}).click()
  await page.getByRole('heading', {name: 'Sign in'}).waitFor()
  assert.equal(await page.evaluate(() => JSON.stringify({...sessionStorage, ...localStorage}).includes('vultus_')), false)
  assert.deepEqual(tab.faults, [])
})
