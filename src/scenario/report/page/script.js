'use strict'
const all = JSON.parse(document.getElementById('content').textContent)
const $ = id => document.getElementById(id)
const made = (tag, text, ...classes) => {
  const element = document.createElement(tag)
  if (text !== undefined) element.textContent = text
  const named = classes.filter(Boolean)
  if (named.length) element.classList.add(...named)
  return element
}
let show = 0, at = 0, playing = null

// What is where: the address is #SCHEDULE.STEP, both from 1; step 0 is before the first.
function asked() {
  const [one, step] = location.hash.slice(1).split('.').map(Number)
  show = all[one - 1] ? one - 1 : 0
  const last = all[show].frames.length - 1
  at = step >= 0 && step <= last ? step : 0
}

function chosen() {
  const { file, name, verdict, title, why, replay, threads, frames, source } = all[show]
  $('verdict').textContent = verdict.toUpperCase()
  $('verdict').className = verdict
  $('file').textContent = `${file}: ${name}`
  $('title').textContent = title
  $('why').textContent = why
  $('replay').textContent = replay
  $('index').replaceChildren(...all.map((one, number) => {
    const option = made('option', `${one.name}: ${one.title}`.slice(0, 120))
    option.value = number
    option.selected = number === show
    return option
  }))
  $('index').closest('nav').hidden = all.length < 2
  $('at').max = frames.length - 1
  const head = made('tr')
  head.append(made('th', 'step'), made('th', 'line'), ...threads.map(thread => made('th', thread)))
  $('lanes').tHead.replaceChildren(head)
  $('lanes').tBodies[0].replaceChildren(...frames.slice(1).map((frame, number) => row(frame, number + 1)))
  $('thread').replaceChildren(...['', ...threads].map(thread => {
    const option = made('option', thread || 'all')
    option.value = thread
    return option
  }))
  $('source').replaceChildren(...source.map((line, number) => {
    const item = made('li', line || ' ')
    item.onclick = () => reached(number + 1)
    return item
  }))
}

function row(frame, number) {
  const { threads, cycle } = all[show]
  const tr = made('tr', undefined, frame.preempts && 'preempts', cycle !== null && number === cycle + 1 && 'cycle')
  tr.tabIndex = -1
  tr.append(made('td', number), made('td', frame.did.map(done => done.line || '').join('\n')))
  for (const thread of threads) {
    const cell = made('td')
    for (const lock of frame.holds[thread] || []) cell.append(made('span', lock, 'lock'))
    cell.append(frame.did.filter(done => done.thread === thread).map(done => done.text).join('; '))
    tr.append(cell)
  }
  tr.onclick = () => go(number)
  return tr
}

// The next step that did something on that line.
function reached(line) {
  const { frames } = all[show]
  const order = [...frames.keys()].map(number => (number + at + 1) % frames.length)
  const found = order.find(number => (frames[number].did || []).some(done => done.line === line))
  if (found !== undefined) go(found)
}

function go(number) {
  at = Math.max(0, Math.min(number, all[show].frames.length - 1))
  history.replaceState(null, '', `#${show + 1}.${at}`)
  drawn()
}

function drawn() {
  const { frames, threads, claims } = all[show], frame = frames[at], before = frames[Math.max(at - 1, 0)]
  $('at').value = at
  const did = (frame.did || []).map(done => done.text).join('; ')
  $('step').textContent = `${at} of ${frames.length - 1}`
  $('step').title = did
  document.title = `${all[show].name} ${at}/${frames.length - 1}${did ? `: ${frame.thread} ${did}` : ''}`
  const rows = $('lanes').tBodies[0].rows
  for (const [number, tr] of [...rows].entries()) {
    tr.classList.toggle('now', number + 1 === at)
    tr.classList.toggle('later', number + 1 > at)
  }
  if (at) rows[at - 1].scrollIntoView({ block: 'nearest' })
  $('vars').replaceChildren(...values('', frame.vars, before.vars), ...Object.entries(frame.locals).flatMap(
    ([thread, own]) => values(`${thread}.`, own, before.locals[thread] || {})))
  $('valued').hidden = !$('vars').rows.length
  $('threads').replaceChildren(...threads.map((thread, number) => standing(frame, thread, number)))
  $('claimed').hidden = !claims.length
  $('claims').replaceChildren(...claims.map((claim, number) =>
    made('li', `${frame.truths[number] ? '✓' : '✗'} ${claim}`, frame.truths[number] ? 'yes' : 'no')))
  const lines = new Set((frame.did || []).map(done => done.line))
  for (const [number, item] of [...$('source').children].entries()) item.classList.toggle('now', lines.has(number + 1))
  const first = $('source').querySelector('.now')
  if (first) $('source').scrollTop = first.offsetTop - $('source').offsetTop - $('source').clientHeight / 3
  filtered()
}

function values(prefix, now, before) {
  return Object.entries(now).map(([name, value]) => {
    const tr = made('tr', undefined, before[name] !== value && 'changed')
    tr.append(made('td', prefix + name), made('td', value))
    return tr
  })
}

const CLASSES = { 'can move': 'moves', waits: 'waits', over: 'over', 'not started': 'unstarted' }
function standing(frame, thread, number) {
  const [state, line] = frame.states[number], waits = frame.waits[thread], tr = made('tr')
  const text = waits ? `waits for ${waits.for}` : state + (line && state === 'can move' ? ` (line ${line})` : '')
  const cell = made('td', text, CLASSES[state])
  const holds = made('td')
  for (const lock of frame.holds[thread] || []) holds.append(made('span', lock, 'lock'))
  tr.append(made('td', thread), cell, holds)
  return tr
}

function filtered() {
  const thread = $('thread').value, text = $('text').value.toLowerCase()
  for (const [number, tr] of [...$('lanes').tBodies[0].rows].entries()) {
    const frame = all[show].frames[number + 1]
    tr.hidden = !!((thread && frame.thread !== thread) || (text && !tr.textContent.toLowerCase().includes(text)))
  }
}

function played() {
  if (playing) { clearInterval(playing); playing = null } else {
    if (at === all[show].frames.length - 1) go(0)
    playing = setInterval(() => at < all[show].frames.length - 1 ? go(at + 1) : played(), 700)
  }
  $('play').textContent = playing ? '⏸' : '▶'
  $('play').setAttribute('aria-label', playing ? 'Pause' : 'Play')
}

const KEYS = {
  ArrowRight: () => go(at + 1), ArrowLeft: () => go(at - 1), ' ': played, j: () => go(at + 1), k: () => go(at - 1),
  Home: () => go(0), End: () => go(Infinity)
}
document.addEventListener('keydown', event => {
  const inField = ['INPUT', 'SELECT', 'BUTTON'].includes(event.target.tagName)
  if (inField || event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return
  event.preventDefault()
  KEYS[event.key]()
})
$('first').onclick = KEYS.Home
$('back').onclick = KEYS.ArrowLeft
$('next').onclick = KEYS.ArrowRight
$('last').onclick = KEYS.End
$('play').onclick = played
$('at').oninput = () => go(Number($('at').value))
$('thread').onchange = $('text').oninput = filtered
$('index').onchange = () => { location.hash = `${Number($('index').value) + 1}.0` }
window.addEventListener('hashchange', () => { asked(); chosen(); drawn() })
asked()
chosen()
drawn()
