// Where the reader is, and how to go elsewhere. The address says it: #SHEET.VIEW.SCHEDULE.STEP, or #SHEET.play.START.CHOICES.STEP.
const VIEWS = ['step', 'why', 'play', 'graph', 'outcomes']
const here = { sheet: -1, view: 'index', reel: 0, at: 0, choices: { start: 0, taken: [] } }
let path = { ...NO_MARKS, frames: [], steps: [] }, playing = null, writing = 0

function asked() {
  const [sheet, view, first, second, third] = location.hash.slice(1).split('.')
  here.sheet = sheets[sheet - 1] ? sheet - 1 : sheets.length === 1 ? 0 : -1
  const one = sheets[here.sheet]
  here.view = !one ? 'index' : has(one, view) ? view : VIEWS.find(name => has(one, name)) || 'step'
  if (!one) return
  if (here.view === 'play') {
    here.choices = { start: one.game.starts[first - 1] === undefined ? 0 : first - 1, taken: (second || '').split('-').filter(Boolean).map(Number) }
    here.at = third === undefined ? Infinity : Number(third) || 0
  } else if (here.view !== 'graph') {
    here.reel = one.reels[first - 1] ? first - 1 : 0
    here.at = Number(second) || 0
  }
}

const has = (sheet, view) => ({
  step: sheet.reels.length > 0, why: sheet.waiting.length > 0 || sheet.reels.some(reel => FAILING.includes(reel.kind)),
  play: sheet.game !== null, graph: sheet.game !== null, outcomes: sheet.outcomes !== null
})[view] || false

// Once the reader stays: a browser lets nobody write an address a hundred times a second.
function written() {
  const { sheet, view, reel, at, choices } = here
  const rest = view === 'play' || view === 'graph' ? [choices.start + 1, choices.taken.join('-'), at] : [reel + 1, at]
  clearTimeout(writing)
  writing = setTimeout(() => history.replaceState(null, '', sheet < 0 ? '#' : `#${[sheet + 1, view, ...rest].join('.')}`), 150)
}

// Another place, of which what is not said stays.
function opened(place) {
  Object.assign(here, place)
  arrived()
}

function arrived() {
  const sheet = sheets[here.sheet]
  for (const name of ['index', ...VIEWS]) $(`view-${name}`).hidden = name !== here.view
  const stepped = (here.view === 'step' || here.view === 'play') && has(sheet, here.view)
  $('view-step').hidden = !stepped
  $('keys').hidden = !stepped
  $('view-play').hidden = here.view !== 'play'
  $('head').hidden = !sheet
  $('tabs').hidden = !sheet
  $('up').hidden = sheets.length < 2
  if (!sheet) { indexDrawn(number => opened({ sheet: number, view: 'step', reel: 0, at: 0 })); written(); document.title = 'scenario'; return }
  headDrawn(sheet)
  for (const tab of $('tabs').children) {
    const on = tab.dataset.view === here.view
    tab.hidden = !has(sheet, tab.dataset.view)
    tab.setAttribute('aria-selected', on)
    tab.tabIndex = on ? 0 : -1
  }
  if (here.view === 'why') whyDrawn(sheet, sheet.reels[here.reel] || NO_REEL)
  if (here.view === 'outcomes') outcomesDrawn(sheet)
  if (here.view === 'graph') graphDrawn(sheet, here.choices.taken.length ? played(sheet, here.choices).spots.at(-1) : sheet.game.starts[0], reached)
  if (stepped) walked(sheet)
  written()
}

const NO_REEL = { kind: 'fails', title: '', why: '', replay: '', frames: [], steps: [], marked: [], same: 0 }

// What is shown of all executions at once.
const OF_ALL = { play: 'Who goes next?', graph: 'What can still come of each state', outcomes: 'How executions end' }

function headDrawn(sheet) {
  const reel = sheet.reels[here.reel] || NO_REEL, of = OF_ALL[here.view]
  $('verdict').textContent = sheet.verdict.toUpperCase()
  $('verdict').className = sheet.verdict
  $('file').textContent = `${sheet.file}: ${sheet.name}`
  $('title').textContent = of || reel.title || sheet.said[0] || sheet.name
  $('why').textContent = of ? '' : reel.why
  filled($('said'), ...sheet.said.filter(text => !$('title').textContent.endsWith(text)).map(text => made('li', text)))
  $('replay').textContent = of ? '' : reel.replay
  options($('index'), sheet.reels.map((one, number) => [number, `${number + 1}. ${one.kind === 'passes' ? `passes, beside ${one.of + 1}` : one.title}`.slice(0, 120)]), here.reel)
  $('reels').hidden = Boolean(of) || sheet.reels.length < 2
}

// The way that is stepped through, from its beginning to where the reader is.
function walked(sheet) {
  path = here.view === 'play' ? played(sheet, here.choices) : scheduled(sheet, here.reel)
  const names = new Set(sheet.tables.steps.flatMap(([, , numbers]) => numbers.map(number => sheet.tables.texts[number])))
  for (const name of names) if (name.includes('[')) names.add(name.slice(0, name.indexOf('[')))
  options($('thread'), [['', 'all'], ...sheet.threads.map(thread => [thread, thread])], $('thread').value)
  options($('name'), [['', 'all'], ...[...names].sort().map(name => [name, name])], $('name').value)
  $('part').hidden = here.view !== 'play' || sheet.game.whole
  if (here.view === 'play') $('part').textContent = `This page has the nearest ${sheet.game.spots.length.toLocaleString('en')} states of a larger graph: what is said of a state is what is known of it.`
  $('at').max = path.steps.length
  drawnParts.clear()
  lanesOf(sheet, path)
  sourceOf(sheet, onLine)
  lanesDrawn(sheet, path, here.at)
  stood(sheet)
}

// One place on the way.
function stood(sheet) {
  here.at = Math.max(0, Math.min(here.at, path.steps.length))
  $('at').value = here.at
  lanesFollow(sheet, path, here.at)
  lanesDrawn(sheet, path, here.at)
  panelsDrawn(sheet, path, here.at)
  if (here.view === 'play') choicesDrawn(sheet, path.spots[here.at], chosen)
  scrolled()
  const step = here.at ? stepOf(sheet, path.steps[here.at - 1]) : null
  document.title = `${sheet.name} ${here.at}/${path.steps.length}${step ? `: ${sheet.threads[step.thread]} ${told(step)}` : ''}`
}

function go(number) {
  here.at = number
  stood(sheets[here.sheet])
  written()
}

function chosen(choice) {
  const { choices, at } = here
  opened({ choices: { start: choices.start, taken: [...choices.taken.slice(0, at), choice] }, at: at + 1 })
}

function reached(spot) {
  opened({ view: 'play', choices: wayTo(sheets[here.sheet].game, spot), at: Infinity })
}

// The next step that did something on that line.
function onLine(line) {
  const sheet = sheets[here.sheet], count = path.steps.length
  for (let number = 1; number <= count; number++) {
    const step = (here.at + number - 1) % count
    if (stepOf(sheet, path.steps[step]).did.some(done => done.line === line)) { go(step + 1); return }
  }
}

function running() {
  if (playing) { clearInterval(playing); playing = null } else {
    if (here.at >= path.steps.length) go(0)
    playing = setInterval(() => { if (here.at < path.steps.length) go(here.at + 1); else running() }, 700)
  }
  $('run').textContent = playing ? '⏸' : '▶'
  $('run').setAttribute('aria-label', playing ? 'Pause' : 'Run')
}

const KEYS = {
  ArrowRight: () => go(here.at + 1), ArrowLeft: () => go(here.at - 1), j: () => go(here.at + 1), k: () => go(here.at - 1),
  ' ': running, Home: () => go(0), End: () => go(Infinity)
}
document.addEventListener('keydown', event => {
  const inField = ['INPUT', 'SELECT', 'BUTTON', 'A'].includes(event.target.tagName)
  if (inField && event.target.id !== 'at' && !/^[0-9]$/.test(event.key) || event.target.type === 'search') return
  if (event.ctrlKey || event.metaKey || event.altKey || $('view-step').hidden) return
  const choice = here.view === 'play' && /^[1-9]$/.test(event.key) ? $('choices').children[event.key - 1] : null
  if (choice && !choice.disabled && choice.onclick) { event.preventDefault(); choice.click() } else if (KEYS[event.key]) { event.preventDefault(); KEYS[event.key]() }
})
$('first').onclick = KEYS.Home
$('back').onclick = KEYS.ArrowLeft
$('next').onclick = KEYS.ArrowRight
$('last').onclick = KEYS.End
$('run').onclick = running
$('at').oninput = () => go(Number($('at').value))
$('scroll').onscroll = () => {
  Object.assign(lanes, { top: $('scroll').scrollTop, left: $('scroll').scrollLeft })
  lanesDrawn(sheets[here.sheet], path, here.at)
}
$('ordered').onchange = () => { lanes.window = null; lanesDrawn(sheets[here.sheet], path, here.at) }
$('thread').onchange = $('name').onchange = $('text').oninput = () => { lanesFiltered(sheets[here.sheet], path); stood(sheets[here.sheet]) }
$('source').onkeydown = event => {
  const line = event.target.closest('li'), first = $('source').querySelector('.now') || $('source').firstElementChild
  const to = { ArrowDown: line ? line.nextElementSibling : first, ArrowUp: line?.previousElementSibling, Enter: line }[event.key]
  if (!to) return
  event.preventDefault()
  to.focus()
  if (event.key === 'Enter') to.click()
}
$('source').onscroll = () => { source.top = $('source').scrollTop }
$('watch').oninput = () => panelsDrawn(sheets[here.sheet], path, here.at)
$('hints').onchange = () => stood(sheets[here.sheet])
$('anew').onclick = () => opened({ choices: { start: here.choices.start, taken: [] }, at: 0 })
$('index').onchange = () => opened({ reel: Number($('index').value), at: 0 })
$('up').onclick = () => opened({ sheet: -1, view: 'index' })
$('find').oninput = $('word').onchange = arrived
for (const tab of $('tabs').children) {
  tab.onclick = () => opened({ view: tab.dataset.view, at: tab.dataset.view === 'play' ? Infinity : here.at })
  tab.onkeydown = event => {
    const shown = [...$('tabs').children].filter(one => !one.hidden), step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!step) return
    event.preventDefault()
    event.stopPropagation()
    const next = shown[(shown.indexOf(tab) + step + shown.length) % shown.length]
    next.click()
    next.focus()
  }
}
window.addEventListener('hashchange', () => { asked(); arrived() })
window.addEventListener('resize', () => { if ($('view-step').hidden) return; lanesMeasured(); lanesDrawn(sheets[here.sheet], path, here.at) })
options($('word'), [['', 'all'], ...[...new Set(sheets.map(sheet => sheet.verdict))].map(word => [word, word])], '')
asked()
arrived()
