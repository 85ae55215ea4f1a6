// What draws the page of channels in the reader's browser. Internal to the room.
#pragma once

#include <string_view>

namespace vultus::engine {

inline constexpr std::string_view kChannelPageRules = R"css(
:root{color-scheme:light dark;--paper:#f6f7f9;--card:#fff;--ink:#1b1f24;--soft:#57606a;--line:#d9dee4;--accent:#0b5cad;--mark:#b42318}
@media (prefers-color-scheme:dark){:root{--paper:#0f1216;--card:#181c22;--ink:#e8ebef;--soft:#a0a9b4;--line:#2c333c;--accent:#7ab7ff;--mark:#ff8a80}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.45 system-ui,"DejaVu Sans",sans-serif}
main,header,footer{max-width:1280px;margin:0 auto;padding:0 18px}h1{font-size:1.7rem;margin:28px 0 2px}h2{font-size:1.2rem;margin:34px 0 10px;overflow-wrap:anywhere}
.soft,footer{color:var(--soft)}.banner{border:2px solid #e69f00;border-radius:10px;padding:10px 14px;font-weight:600}
.stage{position:relative;max-width:720px;background:#000;margin:0 0 10px}.stage video,.stage img{display:block;width:100%}
.stage canvas{position:absolute;inset:0;width:100%;height:100%;pointer-events:none}
details{background:var(--card);border:1px solid var(--line);border-radius:10px;margin:0 0 8px;padding:6px 12px}summary{cursor:pointer;font-weight:600}
.lane{display:grid;grid-template-columns:minmax(120px,230px) 1fr;gap:10px;align-items:center;border-top:1px solid var(--line)}
.lane div{font-size:.82rem;overflow-wrap:anywhere}.lane canvas{width:100%;height:44px;display:block;cursor:crosshair;touch-action:pan-y}
.bar{position:sticky;top:0;z-index:2;background:var(--paper);padding:8px 0;display:flex;flex-wrap:wrap;gap:8px 16px;align-items:center}
button,select{font:inherit;padding:3px 10px;border:1px solid var(--line);border-radius:7px;background:var(--card);color:var(--ink)}
:focus-visible{outline:3px solid var(--accent);outline-offset:1px}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:10px}table{border-collapse:collapse;width:100%;font-size:.88rem}
th,td{text-align:left;padding:5px 12px;border-bottom:1px solid var(--line)}td.n{text-align:right;font-variant-numeric:tabular-nums}
td button{border:0;padding:0;background:none;color:var(--accent);text-decoration:underline;cursor:pointer}footer{margin:40px auto 20px;font-size:.85rem}
)css";

// Every text of the Timeline is put in as text, never as HTML.
inline constexpr std::string_view kChannelPageScript = R"js(
'use strict'
const data = JSON.parse(document.getElementById('data').textContent)
const make = (tag, text, parent, cls) => { const e = document.createElement(tag); if (text !== undefined) e.textContent = text
  if (cls) e.className = cls; if (parent) parent.append(e); return e }
const clock = s => { const m = Math.floor(s / 60), h = Math.floor(m / 60), r = (s - 60 * m).toFixed(2).padStart(5, '0')
  return h ? `${h}:${String(m % 60).padStart(2, '0')}:${r}` : `${m}:${r}` }
const short = v => v === null ? '' : Math.abs(v) >= 1000 || v === 0 ? v.toFixed(0) : v.toPrecision(4).replace(/\.?0+$/, '')
const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0))
// Pairs of 16-bit numbers, lowest and highest; 65535 in the lower one: nothing was measured in the stretch.
const unpack = lane => { const raw = new DataView(bytes(lane.data).buffer), n = raw.byteLength / 4, low = new Float32Array(n), high = new Float32Array(n)
  const span = lane.high - lane.low
  for (let i = 0; i < n; i++) { const a = raw.getUint16(4 * i, true), b = raw.getUint16(4 * i + 2, true)
    low[i] = a === 65535 ? NaN : lane.low + span * a / 65534; high[i] = a === 65535 ? NaN : lane.low + span * b / 65534 }
  return {low, high} }
// 12 bytes a box: the number of its stretch, then x, y, width, height; searched for the last one that is not later.
const boxOf = (track, now) => { const raw = track.view ??= new DataView(bytes(track.boxes).buffer), at = Math.floor(now / track.box_width) - track.box_from
  let low = 0, high = raw.byteLength / 12 - 1
  while (low < high) { const middle = (low + high + 1) >> 1; if (raw.getUint32(12 * middle, true) <= at) low = middle; else high = middle - 1 }
  return high < 0 || raw.getUint32(12 * low, true) !== at ? null : [4, 6, 8, 10].map(k => raw.getInt16(12 * low + k, true)) }
const table = (parent, titles, rows) => { const t = make('table', undefined, make('div', undefined, parent, 'scroll')), head = make('tr', undefined, make('thead', undefined, t))
  titles.forEach(x => { make('th', x, head).scope = 'col' }); const body = make('tbody', undefined, t)
  rows.forEach(row => { const tr = make('tr', undefined, body); row.forEach(cell => { if (cell instanceof Node) make('td', undefined, tr).append(cell)
    else make('td', cell, tr, typeof cell === 'string' && /^-?[\d.,:% ]+$/.test(cell) ? 'n' : '') }) }); return t }

function show(source, parent) {
  const section = make('section', undefined, parent); make('h2', source.path, section)
  make('p', `${source.width} x ${source.height} pixels, ${clock(source.length)}, ${source.tracks.length} ${source.tracks.length === 1 ? 'track' : 'tracks'}` +
    (source.left_out ? `; ${source.left_out} more that were seen shorter have no lanes` : ''), section, 'soft')
  const view = {from: 0, to: Math.max(source.length, 1e-3), now: 0}, drawn = []
  const redraw = () => { cancelAnimationFrame(view.asked); view.asked = requestAnimationFrame(() => { drawn.forEach(d => d()); told.textContent =
    `${clock(view.from)} to ${clock(view.to)}, at ${clock(view.now)}` }) }
  let player = null
  if (source.media) {
    const stage = make('div', undefined, section, 'stage'); player = make(source.picture ? 'img' : 'video', undefined, stage)
    player.src = source.media; if (!source.picture) { player.controls = true; player.preload = 'metadata'; player.muted = true } else player.alt = source.path
    player.onerror = () => { stage.replaceWith(make('p', `This browser cannot show ${source.path}: it is gone, or of a kind that it does not play (MP4 with H.264, WebM and JPEG are played nearly everywhere).`, undefined, 'soft')); player = null }
    const over = make('canvas', undefined, stage)
    drawn.push(() => { if (!player) return; over.width = source.width; over.height = source.height; const g = over.getContext('2d')
      g.lineWidth = Math.max(2, source.width / 300); g.strokeStyle = '#e69f00'; g.fillStyle = '#e69f00'; g.font = `${Math.max(12, source.width / 40)}px sans-serif`
      source.tracks.forEach(t => { const b = boxOf(t, view.now); if (!b || !b[2]) return
        g.strokeRect(b[0], b[1], b[2], b[3]); g.fillText(t.name ? `${t.id}: ${t.name}` : `${t.id}`, b[0], b[1] - 4) }) })
    if (!source.picture) { const follow = () => { view.now = player.currentTime; redraw(); if (!player.paused) requestAnimationFrame(follow) }
      player.onplay = follow; player.onseeked = follow }
  }
  const bar = make('div', undefined, section, 'bar'), told = make('span', '', bar, 'soft')
  const seek = s => { view.now = Math.min(Math.max(s, 0), source.length); if (player && !source.picture) player.currentTime = view.now; redraw() }
  const zoom = (factor, about) => { const span = Math.min(source.length || 1e-3, Math.max((view.to - view.from) * factor, source.length / 5e4)), share = (about - view.from) / (view.to - view.from)
    view.from = Math.max(0, Math.min(about - share * span, source.length - span)); view.to = view.from + span; redraw() }
  const button = (text, what) => { make('button', text, bar).onclick = what }
  button('Zoom in', () => zoom(0.5, (view.from + view.to) / 2)); button('Zoom out', () => zoom(2, (view.from + view.to) / 2))
  button('Earlier', () => { const d = (view.to - view.from) / 2; const f = Math.max(0, view.from - d); view.to += f - view.from; view.from = f; redraw() })
  button('Later', () => { const d = (view.to - view.from) / 2, t = Math.min(source.length, view.to + d); view.from += t - view.to; view.to = t; redraw() })
  button('Everything', () => { view.from = 0; view.to = Math.max(source.length, 1e-3); redraw() })
  source.tracks.forEach((track, number) => {
    const box = make('details', undefined, section); box.open = number < 2
    make('summary', `Track ${track.id}${track.name ? ': ' + track.name : ''}, ${clock(track.from)} to ${clock(track.to)}, ${track.frames} frames`, box)
    const fill = () => { if (box.filled || !box.open) return; box.filled = true
      track.lanes.forEach(lane => {
        const row = make('div', undefined, box, 'lane'), label = make('div', `${lane.channel} (${lane.unit})`, row), value = make('div', '', label, 'soft')
        const canvas = make('canvas', undefined, row), points = unpack(lane); canvas.tabIndex = 0; canvas.setAttribute('aria-label', `${lane.channel} of track ${track.id}`)
        const at = e => view.from + (e.offsetX / canvas.clientWidth) * (view.to - view.from); let hover = null, grabbed = null
        const draw = () => { const w = canvas.clientWidth, h = 44, g = canvas.getContext('2d'), style = getComputedStyle(document.documentElement)
          if (!w) return; const dpr = window.devicePixelRatio || 1; canvas.width = w * dpr; canvas.height = h * dpr; g.scale(dpr, dpr)
          const y = v => 3 + (h - 6) * (1 - (lane.high > lane.low ? (v - lane.low) / (lane.high - lane.low) : 0.5)), per = w / (view.to - view.from)
          g.strokeStyle = style.getPropertyValue('--accent'); g.fillStyle = g.strokeStyle
          const first = Math.max(0, Math.floor((view.from - lane.from) / lane.width)), last = Math.min(points.low.length - 1, Math.ceil((view.to - lane.from) / lane.width))
          g.globalAlpha = 0.85; let before = null
          for (let i = first; i <= last; i++) { if (Number.isNaN(points.low[i])) { before = null; continue }
            const x = (lane.from + i * lane.width - view.from) * per, wide = Math.max(1, lane.width * per), top = y(points.high[i]), low = y(points.low[i])
            g.fillRect(x, top, wide, Math.max(1.2, low - top))
            if (before !== null && Math.abs(before - top) > 1) { g.globalAlpha = 0.35; g.fillRect(x, Math.min(before, top), 1, Math.abs(before - top)); g.globalAlpha = 0.85 }
            before = low }
          g.globalAlpha = 1; g.fillStyle = style.getPropertyValue('--mark'); g.fillRect((view.now - view.from) * per, 0, 1.5, h)
          source.events.filter(e => e.track === track.id && lane.channel.split('.')[0] === e.channel.split('.')[0]).forEach(e => {
            g.globalAlpha = 0.25; g.fillRect((e.from - view.from) * per, 0, Math.max(2, (e.to - e.from) * per), h); g.globalAlpha = 1 })
          const s = hover ?? view.now, i = Math.floor((s - lane.from) / lane.width), low = points.low[i]
          value.textContent = low === undefined || Number.isNaN(low) ? `${clock(s)}: not measured` : `${clock(s)}: ${short(points.high[i] === low ? low : (low + points.high[i]) / 2)}` +
            (points.high[i] === low ? '' : ` (${short(low)} to ${short(points.high[i])})`) }
        canvas.onpointermove = e => { hover = at(e); if (grabbed) { const d = (grabbed.x - e.offsetX) / canvas.clientWidth * (view.to - view.from), span = grabbed.to - grabbed.from
            view.from = Math.max(0, Math.min(grabbed.from + d, source.length - span)); view.to = view.from + span; grabbed.moved = grabbed.moved || Math.abs(grabbed.x - e.offsetX) > 3 } redraw() }
        canvas.onpointerleave = () => { hover = null; grabbed = null; redraw() }
        canvas.onpointerdown = e => { grabbed = {x: e.offsetX, from: view.from, to: view.to, moved: false} }
        canvas.onpointerup = e => { const click = grabbed && !grabbed.moved; grabbed = null; if (click) seek(at(e)) }
        canvas.addEventListener('wheel', e => { if (!e.ctrlKey && !e.shiftKey && Math.abs(e.deltaX) > Math.abs(e.deltaY)) return; e.preventDefault(); zoom(e.deltaY < 0 ? 0.8 : 1.25, at(e)) }, {passive: false})
        canvas.onkeydown = e => { const step = (view.to - view.from) / 100; if (e.key === 'ArrowRight') seek(view.now + step); else if (e.key === 'ArrowLeft') seek(view.now - step)
          else if (e.key === '+') zoom(0.5, view.now); else if (e.key === '-') zoom(2, view.now); else return; e.preventDefault() }
        drawn.push(draw) }); redraw() }
    box.addEventListener('toggle', fill); fill() })
  if (source.events.length) { make('h3', 'Events', section); table(section, ['From', 'To', 'Track', 'Channel', 'What', 'Confidence'], source.events.slice(0, 2000).map(e => {
    const go = make('button', clock(e.from)); go.onclick = () => seek(e.from); return [go, clock(e.to), e.track === null ? '' : String(e.track), e.channel, e.label, e.confidence === null ? '' : short(e.confidence)] }))
    if (source.events.length > 2000) make('p', `${source.events.length - 2000} more are not listed.`, section, 'soft') }
  make('h3', 'Statistics', section)
  table(section, ['Track', 'Channel', 'Unit', 'Values', 'Not measured', 'Mean', 'Deviation', 'Lowest', 'Highest'], source.tracks.flatMap(t => t.lanes.map(l =>
    [String(t.id), l.channel, l.unit, String(l.count), String(l.absent), short(l.mean), short(l.deviation), short(l.low), short(l.high)])))
  make('h3', 'Quality of the data', section)
  table(section, ['What', 'How many'], [['frames that were looked at', String(source.frames)], ['of them with a face', String(source.with_face)], ['damaged', String(source.damaged)], ['scene cuts', String(source.cuts)],
    ...source.reasons.map(r => [`not measured: ${r[0]}`, String(r[1])])])
  window.addEventListener('resize', redraw); redraw()
}
const main = document.getElementById('content')
data.sources.forEach(source => show(source, main))
document.body.dataset.ready = 'yes'
)js";

}  // namespace vultus::engine
